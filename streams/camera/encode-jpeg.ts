import sharp from 'sharp';
import type { DecodedFrame } from './frame-sink.js';

/** Encodes a decoded frame as JPEG, in the size of its pixels. */
export function encodeJpeg({
  layout,
  pixels,
  content,
}: Pick<DecodedFrame, 'layout' | 'pixels' | 'content'>): Promise<Buffer> {
  const { width, height } = content;
  const rgb = layout === 'pixels' ? pixels : toPixels(pixels);
  return sharp(rgb, { raw: { width, height, channels: 3 } })
    .jpeg()
    .toBuffer();
}

/** Interleaves the planes G, B, R to pixels R, G, B. */
function toPixels(planes: Uint8Array): Buffer {
  const size = planes.length / 3;
  const pixels = Buffer.allocUnsafe(planes.length);
  for (let i = 0; i < size; i++) {
    pixels[3 * i] = planes[2 * size + i]!;
    pixels[3 * i + 1] = planes[i]!;
    pixels[3 * i + 2] = planes[size + i]!;
  }
  return pixels;
}
