import { join } from 'node:path';
import { AppError } from '../../domain/errors.js';
import type { EncodedFrames, EncodeRequest } from '../../domain/ports/video-tools.js';
import { type MediaTool, runFfmpeg } from './command.js';
import { preprocessFilters } from './filters.js';
import { jpegLengths } from './jpeg-lengths.js';

/** JPEG quality of about 90 in ffmpeg's scale of 2 (best) to 31. */
const JPEG_QUANTISER = '2';

/**
 * Encodes raw limited-range yuv420p frames to JPEG, one after another in a file. The bytes are
 * declared full range and the filter stretches them to it, which saves a conversion. A file for each
 * frame would be slower: ext4 does not use the inodes of deleted files again for minutes, and each new
 * file searches past them.
 */
export async function encodeFrames(
  ffmpeg: MediaTool,
  { path, size, count, folder, preprocess, signal }: EncodeRequest,
): Promise<EncodedFrames> {
  const output = join(folder, 'encoded.mjpeg');
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
      ...['-c:v', 'mjpeg', '-q:v', JPEG_QUANTISER, '-f', 'mjpeg'],
    ],
    output,
    signal,
  });
  const lengths = ok ? await jpegLengths(output) : undefined;
  if (lengths?.length !== count) {
    throw new AppError(
      'DECODE_FAILED',
      `ffmpeg encoded ${lengths?.length ?? 'not all'} of ${count} frames. ${log}`.trim(),
    );
  }
  return { path: output, lengths };
}
