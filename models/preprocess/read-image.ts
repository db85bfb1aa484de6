import sharp from 'sharp';
import type { Size } from '../../domain/result/detection.js';
import { AppError, messageOf } from '../../domain/errors.js';

/**
 * Measured against OpenCV's bilinear on pictures and stored frames: all kernels cost the same within
 * the noise (decoding is most of it), and this one comes closest in boxes and confidences.
 */
const KERNEL = 'lanczos3';
/** Pictures of more pixels than this are refused before they are decoded. */
const MAX_PIXELS = 36e6;

/** What the formats of stored frames and of pictures begin with, and how libvips loads them. */
const FORMATS = [
  { begins: /^\xff\xd8\xff/, loader: 'VipsForeignLoadJpegBuffer' },
  { begins: /^\x89PNG\r\n/, loader: 'VipsForeignLoadPngBuffer' },
  { begins: /^RIFF.{4}WEBP/s, loader: 'VipsForeignLoadWebpBuffer' },
] as const;
const MAGIC_BYTES = 12;

/**
 * Shuts every loader of this process but those for JPEG, PNG and WebP: a second wall for a process
 * that draws nothing itself, as drawing takes the loader of SVG.
 */
export function shutOtherLoaders(): void {
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({ operation: FORMATS.map(({ loader }) => loader) });
}

/**
 * Decodes a picture and resizes it to the letterbox's content: pixels R, G, B of 8 bits each.
 * EXIF rotation is not applied: frames are stored as they are displayed. The process sets
 * `sharp.concurrency(1)` at its entry, as its lanes fill the cores already.
 * @throws AppError `DECODE_FAILED` for what is no JPEG, PNG or WebP, too large or damaged.
 */
export async function readFrame(picture: Buffer, content: Size): Promise<Buffer> {
  checkFormat(picture);
  try {
    return await sharp(picture, { limitInputPixels: MAX_PIXELS })
      .resize(content.width, content.height, { fit: 'fill', kernel: KERNEL })
      .removeAlpha()
      .toColourspace('srgb')
      .raw()
      .toBuffer();
  } catch (cause) {
    throw new AppError(
      'DECODE_FAILED',
      `A picture could not be read: ${messageOf(cause)}`,
      {},
      { cause },
    );
  }
}

function checkFormat(picture: Buffer): void {
  const magic = picture.toString('latin1', 0, MAGIC_BYTES);
  if (FORMATS.some(({ begins }) => begins.test(magic))) return;
  throw new AppError(
    'DECODE_FAILED',
    'A picture could not be read: it is no JPEG, PNG or WebP. Convert it to one of these.',
  );
}
