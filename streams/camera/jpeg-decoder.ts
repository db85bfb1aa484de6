import sharp from 'sharp';
import { tooManyPixels } from '../../adapters/ffmpeg/ffmpeg-log.js';
import { AppError } from '../../domain/errors.js';
import type { AccessUnit } from '../../domain/stream/access-unit.js';
import { letterboxOf } from '../../models/preprocess/letterbox.js';
import { readFrame } from '../../models/preprocess/read-image.js';
import type { CameraContext } from './context.js';
import type { DecodedFrame } from './frame-sink.js';

type JpegContext = Pick<CameraContext, 'settings' | 'parameters'>;

/** Decodes a JPEG of a camera. @throws AppError `LIMIT_EXCEEDED`, or `DECODE_FAILED` if it is damaged. */
export async function decodeJpeg(
  { settings: { maxPixels }, parameters }: JpegContext,
  { data, arrival, cameraTime }: AccessUnit,
): Promise<DecodedFrame> {
  const { fps, input } = parameters();
  const { width, height } = await readSize(data);
  if (width * height > maxPixels) throw tooManyPixels(`${width}x${height}`, maxPixels);
  const size = { width, height };
  const { content } = letterboxOf(size, input);
  const pixels = await readFrame(data, content);
  return { arrival, cameraTime, damaged: false, fps, size, content, layout: 'pixels', pixels };
}

async function readSize(jpeg: Buffer) {
  try {
    return await sharp(jpeg).metadata();
  } catch (cause) {
    throw new AppError('DECODE_FAILED', 'An image of the camera is damaged.', {}, { cause });
  }
}
