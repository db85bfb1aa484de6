import sharp, { type Sharp } from 'sharp';
import type { Size } from '../../domain/result/detection.js';
import { AppError, messageOf } from '../../domain/errors.js';

const FORMATS: readonly string[] = ['jpeg', 'png', 'webp'];

/** A picture in memory whose header has been read; it is decoded when pixels are asked for. */
export interface ReadImage {
  /** Size in pixels as it is displayed. */
  readonly size: Size;
  /** The picture as it is displayed, to be worked on. */
  readonly open: () => Sharp;
}

export interface ReadImageOptions {
  /** Whether the EXIF orientation is not applied. */
  readonly isFrame: boolean;
  readonly maxPixels: number;
}

/**
 * Reads the header of a JPEG, PNG or WebP.
 * @throws AppError `DECODE_FAILED` for another file, `LIMIT_EXCEEDED` for one of too many pixels.
 */
export async function readImage(data: Buffer, options: ReadImageOptions): Promise<ReadImage> {
  const { isFrame, maxPixels } = options;
  if (data.length === 0) unreadable(new Error('the file is empty'));
  const header = await sharp(data, { limitInputPixels: false }).metadata().catch(unreadable);
  if (!FORMATS.includes(header.format)) unreadable(new Error('no JPEG, PNG or WebP'));
  const { width, height } = isFrame ? header : header.autoOrient;
  if (width * height > maxPixels) {
    throw new AppError(
      'LIMIT_EXCEEDED',
      `The picture has ${width} x ${height} pixels, more than the ${maxPixels} that are allowed (VIDETTE_MAX_PIXELS); make it smaller.`,
    );
  }
  const open = () => sharp(data, { limitInputPixels: maxPixels, autoOrient: !isFrame });
  return { size: { width, height }, open };
}

/**
 * Decodes a picture and resizes it: pixels R, G, B of 8 bits each. The same resizing as of stored
 * frames (`models/read-image.ts`), so that the same picture gives the same boxes.
 */
export function readPixels({ open }: ReadImage, { width, height }: Size): Promise<Buffer> {
  return rgb(open().resize(width, height, { fit: 'fill', kernel: 'lanczos3' }));
}

/** All pixels of a picture: R, G, B of 8 bits each. */
export function readAllPixels({ open }: ReadImage): Promise<Buffer> {
  return rgb(open());
}

function rgb(picture: Sharp): Promise<Buffer> {
  return picture.removeAlpha().toColourspace('srgb').raw().toBuffer().catch(unreadable);
}

/** @throws AppError always. */
export function unreadable(cause: unknown): never {
  throw new AppError('DECODE_FAILED', messageOf(cause), {}, { cause });
}
