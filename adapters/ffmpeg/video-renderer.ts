import { join } from 'node:path';
import type { VideoRenderer } from '../../domain/ports.js';
import { availableFences, createLauncher } from './launcher.js';
import { renderVideo } from './render.js';
import type { VideoToolsSettings } from './video-tools.js';

/** A whole video takes hours; its CPU time, on several cores, is counted by the same limit. */
const RENDER_TIMEOUT_S = 7 * 24 * 3600;

/** A renderer whose launchers are written into `folder`; no file becomes larger than `fileBytes`. */
export async function createVideoRenderer(
  settings: VideoToolsSettings,
  folder: string,
  fileBytes: number,
): Promise<VideoRenderer> {
  const fences = await availableFences();
  const limits = { ...settings, timeoutS: RENDER_TIMEOUT_S, fileBytes };
  const launcherOf = (name: string, path: string) =>
    createLauncher(join(folder, 'bin'), { name: `render-${name}`, path }, limits, fences);
  const ffmpeg = await launcherOf('ffmpeg', settings.ffmpegPath);
  const ffprobe = await launcherOf('ffprobe', settings.ffprobePath);
  const { maxPixels } = settings;
  return { render: (request) => renderVideo({ ffmpeg, ffprobe, maxPixels }, request) };
}
