import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DecodeJpegsRequest } from '../../domain/ports/video-tools.js';
import { type MediaTool, runFfmpeg } from './command.js';
import { modelInputFilters } from './filters.js';

/**
 * Decodes JPEGs that lie one after another in a file and scales them to the content size of the model's input.
 * Resolves with the raw file of planes G, B, R, or with undefined when not each JPEG gave a frame.
 */
export async function decodeJpegs(
  ffmpeg: MediaTool,
  { path, count, size, folder, signal }: DecodeJpegsRequest,
): Promise<string | undefined> {
  const output = join(folder, 'jpegs.raw');
  const { ok } = await runFfmpeg({
    ffmpeg,
    folder,
    input: `file:${path}`,
    inputOptions: ['-xerror', '-err_detect', 'explode', '-threads', '1', '-f', 'mjpeg'],
    outputOptions: [
      ...['-vf', modelInputFilters(size).join(',')],
      ...['-fps_mode', 'passthrough', '-frames:v', String(count), '-f', 'rawvideo'],
    ],
    output,
    signal,
  });
  const bytes = (await stat(output).catch(() => undefined))?.size;
  return ok && bytes === count * 3 * size.width * size.height ? output : undefined;
}
