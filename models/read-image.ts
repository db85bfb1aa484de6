import sharp from 'sharp';
import type { Size } from '../domain/detection.js';
import { AppError, messageOf } from '../domain/errors.js';

/**
 * Measured against OpenCV's bilinear on pictures and stored frames: all kernels cost the same within
 * the noise (decoding is most of it), and this one comes closest in boxes and confidences.
 */
const KERNEL = 'lanczos3';
/** Pictures of more pixels than this are refused before they are decoded. */
const MAX_PIXELS = 36e6;

/**
 * Decodes a picture and resizes it to the letterbox's content: pixels R, G, B of 8 bits each.
 * EXIF rotation is not applied: frames are stored as they are displayed. The process sets
 * `sharp.concurrency(1)` at its entry, as its lanes fill the cores already.
 */
export async function readFrame(picture: Buffer, content: Size): Promise<Buffer> {
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
