import type { DatasetMediaType } from '../../domain/dataset/dataset-item.js';
import { readImage, unreadable } from '../preprocess/displayed-image.js';

/** Maximum number of pixels of an image in a data set. */
const MAX_PIXELS = 36e6;
/** The hash compares neighbours in eight rows of nine pixels. */
const WIDTH = 9;
const HEIGHT = 8;
const HEX_DIGITS = 16;

/** Size in pixels as displayed, media type, and difference hash in hex. */
export interface DescribedImage {
  readonly media_type: DatasetMediaType;
  readonly width: number;
  readonly height: number;
  readonly dhash: string;
}

/**
 * Describes an image; its difference hash (Krawetz, 2013) has a bit for each pair of neighbours of a
 * grey image of 9x8 pixels, set if the left one is brighter.
 * @throws AppError `DECODE_FAILED`, `LIMIT_EXCEEDED`.
 */
export async function describeImage(data: Buffer, isFrame: boolean): Promise<DescribedImage> {
  const image = await readImage(data, { isFrame, maxPixels: MAX_PIXELS });
  const pixels = await image
    .open()
    .flatten()
    .resize(WIDTH, HEIGHT, { fit: 'fill' })
    .toColourspace('b-w')
    .raw()
    .toBuffer()
    .catch(unreadable);
  return { media_type: mediaTypeOf(data), ...image.size, dhash: hashOf(pixels) };
}

function hashOf(pixels: Buffer): string {
  let hash = 0n;
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x + 1 < WIDTH; x++) {
      const at = y * WIDTH + x;
      hash = (hash << 1n) | (pixels[at]! > pixels[at + 1]! ? 1n : 0n);
    }
  }
  return hash.toString(16).padStart(HEX_DIGITS, '0');
}

/** Media type by the first bytes; the image was read, so it is one of the three. */
function mediaTypeOf(data: Buffer): DatasetMediaType {
  if (data[0] === 0xff) return 'image/jpeg';
  return data[0] === 0x89 ? 'image/png' : 'image/webp';
}
