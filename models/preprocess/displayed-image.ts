import sharp, { type Sharp } from 'sharp';
import type { ContentSize } from '../../domain/model/content-size.js';
import type { Size } from '../../domain/result/detection.js';
import { AppError, messageOf } from '../../domain/errors.js';
import { expectFewScans } from './jpeg-scans.js';
import { DECODE_TIMEOUT } from './read-image.js';
import { resizeImage } from './resize-image.js';
import { withoutAlpha } from './without-alpha.js';

const FORMATS: readonly string[] = ['jpeg', 'png', 'webp'];
/** Maximum width and height, which are those of JPEG: a strip of pixels is slow to resize. */
const MAX_SIDE = 65_535;

/** Image in memory with a parsed header; its pixels are decoded on demand. */
export interface ReadImage {
  /** Size in pixels as displayed. */
  readonly size: Size;
  readonly hasAlpha: boolean;
  /** Opens the image as displayed. */
  readonly open: () => Sharp;
}

export interface ReadImageOptions {
  /** Whether to ignore the EXIF orientation. */
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
  if (!FORMATS.includes(header.format)) unreadable(new Error('not a JPEG, PNG or WebP'));
  if (header.format === 'jpeg') expectFewScans(data);
  const { width, height } = isFrame ? header : header.autoOrient;
  if (width * height > maxPixels) {
    throw new AppError(
      'LIMIT_EXCEEDED',
      `It has ${width}x${height} pixels; the limit is ${maxPixels} (VIDETTE_MAX_PIXELS). Make it smaller.`,
    );
  }
  if (Math.max(width, height) > MAX_SIDE) {
    throw new AppError(
      'LIMIT_EXCEEDED',
      `It has ${width}x${height} pixels; the limit of each side is ${MAX_SIDE}. Make it smaller.`,
    );
  }
  const open = () =>
    sharp(data, { limitInputPixels: maxPixels, autoOrient: !isFrame }).timeout(DECODE_TIMEOUT);
  return { size: { width, height }, hasAlpha: header.hasAlpha, open };
}

/**
 * Decodes and resizes an image: R, G, B of 8 bits each. Resizes like stored frames
 * (`models/preprocess/read-image.ts`), so that the same image gives the same boxes.
 */
export async function readPixels(
  { open, hasAlpha }: ReadImage,
  content: ContentSize,
): Promise<Buffer> {
  const image = await withoutAlpha(open, hasAlpha).catch(unreadable);
  return resizeImage(image, content).catch(unreadable);
}

/** Decodes all pixels of an image: R, G, B of 8 bits each. */
export function readAllPixels({ open }: ReadImage): Promise<Buffer> {
  return open().removeAlpha().toColourspace('srgb').raw().toBuffer().catch(unreadable);
}

/** @throws AppError always. */
export function unreadable(cause: unknown): never {
  throw new AppError('DECODE_FAILED', messageOf(cause), {}, { cause });
}
