import sharp from 'sharp';
import type { ContentSize } from '../../domain/model/content-size.js';
import type { Size } from '../../domain/result/detection.js';
import { resizeImage } from '../preprocess/resize-image.js';
import type { FramePixels } from '../session/running-model.js';

/** Converts a frame of any layout to interleaved 8-bit R, G, B. */
export function interleave({ layout, bytes }: FramePixels): Uint8Array {
  if (layout === 'pixels') return bytes;
  const count = bytes.length / 3;
  const pixels = new Uint8Array(bytes.length);
  for (let from = 0, to = 0; from < count; from++) {
    pixels[to++] = bytes[from + 2 * count]!;
    pixels[to++] = bytes[from]!;
    pixels[to++] = bytes[from + count]!;
  }
  return pixels;
}

/** Resizes interleaved 8-bit R, G, B to the content size of a member. */
export async function resizeFrame(
  pixels: Uint8Array,
  { width, height }: Size,
  content: ContentSize,
): Promise<FramePixels> {
  const raw = { width, height, channels: 3 } as const;
  const frame = sharp(pixels, { raw, limitInputPixels: false });
  return { layout: 'pixels', bytes: await resizeImage(frame, content) };
}
