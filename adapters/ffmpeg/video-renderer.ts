import { join } from 'node:path';
import type { VideoRenderer } from '../../domain/ports/video-renderer.js';
import type { MediaTool } from './command.js';
import { availableFences, createLauncher } from './launcher.js';
import { renderClip } from './render-clip.js';
import { renderSprite } from './render-sprite.js';
import { renderVideo } from './render.js';
import type { VideoToolsSettings } from './video-tools.js';

/** A whole video takes hours; its CPU time, on several cores, is counted by the same limit. */
const RENDER_TIMEOUT_S = 7 * 24 * 3600;

/** A renderer whose launchers are written into `folder`; no file becomes larger than `fileBytes`. */
export async function createVideoRenderer(
  settings: VideoToolsSettings,
  folder: string,
  fileBytes: number,
  onRun?: MediaTool['onRun'],
): Promise<VideoRenderer> {
  const fences = await availableFences();
  const limits = { ...settings, timeoutS: RENDER_TIMEOUT_S, fileBytes };
  const { maxPixels, stallS } = settings;
  const toolOf = async (name: string, path: string): Promise<MediaTool> => {
    const tool = { name: `render-${name}`, path };
    const launcher = await createLauncher(join(folder, 'bin'), tool, limits, fences);
    return { launcher, stallS, ...(onRun && { onRun }) };
  };
  const ffmpeg = await toolOf('ffmpeg', settings.ffmpegPath);
  const ffprobe = await toolOf('ffprobe', settings.ffprobePath);
  const renderer = { ffmpeg, ffprobe, maxPixels };
  return {
    render: (request) =>
      request.clip
        ? renderClip(renderer, { ...request, clip: request.clip })
        : renderVideo(renderer, request),
    renderSprite: (request) => renderSprite(renderer, request),
  };
}
