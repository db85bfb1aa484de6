import { join } from 'node:path';
import { RANGE_SCRATCH_BYTES } from '../../domain/video/plan.js';
import type { VideoTools } from '../../domain/ports/video-tools.js';
import type { MediaTool } from './command.js';
import { decodeFrames } from './decode.js';
import { decodeJpegs } from './decode-jpegs.js';
import { encodeFrames } from './encode.js';
import { availableFences, createLauncher } from './launcher.js';
import { probeVideo } from './probe.js';

export interface VideoToolsSettings {
  readonly ffmpegPath: string;
  readonly ffprobePath: string;
  readonly timeoutS: number;
  readonly stallS: number;
  readonly memoryBytes: number;
  readonly maxPixels: number;
  readonly maxSeconds: number;
  readonly maxFrames: number;
}

/**
 * ffmpeg and ffprobe, each behind a launcher that is written into `folder`.
 * @param onRun called with the end of each run of ffmpeg.
 */
export async function createVideoTools(
  settings: VideoToolsSettings,
  folder: string,
  onRun?: MediaTool['onRun'],
): Promise<VideoTools> {
  const fences = await availableFences();
  const limits = { ...settings, fileBytes: 2 * RANGE_SCRATCH_BYTES };
  const { maxPixels, stallS } = settings;
  const toolOf = async (name: string, path: string): Promise<MediaTool> => ({
    launcher: await createLauncher(join(folder, 'bin'), { name, path }, limits, fences),
    stallS,
    ...(onRun && { onRun }),
  });
  const ffmpeg = await toolOf('ffmpeg', settings.ffmpegPath);
  const ffprobe = await toolOf('ffprobe', settings.ffprobePath);
  return {
    probe: (request) => probeVideo({ ...settings, ffprobe, ffmpeg }, request),
    decode: (request) => decodeFrames({ ffmpeg, maxPixels }, request),
    decodeJpegs: (request) => decodeJpegs(ffmpeg, request),
    encode: (request) => encodeFrames(ffmpeg, request),
  };
}
