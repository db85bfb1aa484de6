import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../domain/errors.js';
import type { EncodeRequest } from '../../domain/ports/video-tools.js';
import { type MediaTool, runFfmpeg } from './command.js';
import { preprocessFilters } from './filters.js';

/** JPEG quality of about 90 in ffmpeg's scale of 2 (best) to 31. */
const JPEG_QUANTISER = '2';

/**
 * Encodes raw limited-range yuv420p frames to JPEG files `0.jpg`, `1.jpg`, ... in a folder. The
 * bytes are declared full range and the filter stretches them to it, which saves a conversion.
 */
export async function encodeFrames(
  ffmpeg: MediaTool,
  { path, size, count, folder, preprocess, signal }: EncodeRequest,
): Promise<readonly string[]> {
  const { ok, log } = await runFfmpeg({
    ffmpeg,
    folder,
    input: `file:${path}`,
    inputOptions: [
      ...['-f', 'rawvideo', '-pix_fmt', 'yuvj420p'],
      ...['-video_size', `${size.width}x${size.height}`, '-framerate', '1'],
    ],
    outputOptions: [
      ...['-vf', preprocessFilters(preprocess, 'full').join(',')],
      ...['-fps_mode', 'passthrough', '-threads', '1'],
      ...['-c:v', 'mjpeg', '-q:v', JPEG_QUANTISER, '-f', 'image2', '-start_number', '0'],
    ],
    // A percent sign in the path of the folder is not part of the pattern.
    output: join(folder.replaceAll('%', '%%'), '%d.jpg'),
    signal,
  });
  const written = (await readdir(folder)).filter((name) => name.endsWith('.jpg')).length;
  if (!ok || written !== count) {
    throw new AppError('DECODE_FAILED', `ffmpeg encoded ${written} of ${count} frames. ${log}`);
  }
  return Array.from({ length: count }, (_, i) => join(folder, `${i}.jpg`));
}
