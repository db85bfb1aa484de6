import sharp from 'sharp';
import type { ContentSize } from '../../domain/model/content-size.js';
import { AppError, messageOf } from '../../domain/errors.js';
import { expectFewScans } from './jpeg-scans.js';
import { resizeImage } from './resize-image.js';
import { withoutAlpha } from './without-alpha.js';

/** Maximum number of pixels of an image; larger ones are rejected before decoding. */
const MAX_PIXELS = 36e6;
/** Time limit for decoding an image. */
export const DECODE_TIMEOUT = { seconds: 30 } as const;

/** Magic bytes and libvips loaders of the supported formats. */
const FORMATS = [
  { magic: /^\xff\xd8\xff/, loader: 'VipsForeignLoadJpegBuffer' },
  { magic: /^\x89PNG\r\n/, loader: 'VipsForeignLoadPngBuffer' },
  { magic: /^RIFF.{4}WEBP/s, loader: 'VipsForeignLoadWebpBuffer' },
] as const;
const MAGIC_BYTES = 12;

/**
 * Disables all image loaders of this process except JPEG, PNG and WebP: defence in depth for processes
 * that do not draw (drawing needs the SVG loader).
 */
export function blockOtherLoaders(): void {
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({ operation: FORMATS.map(({ loader }) => loader) });
}

/**
 * Decodes an image and resizes it to the letterbox's content: interleaved 8-bit R, G, B. EXIF rotation
 * is not applied, because frames are stored as displayed. The process should set
 * `sharp.concurrency(1)` when it starts, because its lanes already use all cores.
 * @throws AppError `DECODE_FAILED` for an image that is damaged, too large, or not JPEG, PNG or WebP.
 */
export async function readFrame(image: Buffer, content: ContentSize): Promise<Buffer> {
  checkFormat(image);
  const open = () => sharp(image, { limitInputPixels: MAX_PIXELS }).timeout(DECODE_TIMEOUT);
  try {
    if (isJpeg(image)) expectFewScans(image);
    // JPEG has no alpha channel.
    const hasAlpha = !isJpeg(image) && (await open().metadata()).hasAlpha;
    return await resizeImage(await withoutAlpha(open, hasAlpha), content);
  } catch (cause) {
    throw new AppError(
      'DECODE_FAILED',
      `The image could not be read: ${messageOf(cause)}`,
      {},
      { cause },
    );
  }
}

function isJpeg(image: Buffer): boolean {
  return FORMATS[0].magic.test(image.toString('latin1', 0, MAGIC_BYTES));
}

function checkFormat(image: Buffer): void {
  const start = image.toString('latin1', 0, MAGIC_BYTES);
  if (FORMATS.some((format) => format.magic.test(start))) return;
  throw new AppError(
    'DECODE_FAILED',
    'The image could not be read: it is not a JPEG, PNG or WebP. Convert it to one of these.',
  );
}
