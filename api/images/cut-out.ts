import { join } from 'node:path';
import sharp from 'sharp';
import type { Mask } from '../../models/segmenter.js';
import type { CutMode } from './image-job.js';
import { type Located, MARGIN, regionAround } from './main-object.js';
import { type ReadImage, readAllPixels, unreadable } from './read-image.js';
import { blendInto, ellipticMask, softenMask } from './soft-mask.js';

/** Object to cut out, with its mask if the model has masks. */
export interface CutObject extends Located {
  readonly mask?: Mask;
}

/** Sigma of the background's blur as a share of the image's longer side, and its minimum. */
const BLUR = 0.02;
const LEAST_SIGMA = 2;
/** Maximum sigma that the library accepts. */
const MAX_SIGMA = 1000;
/** PNG compression, 0 to 9; higher levels take much longer and save little. */
const PNG = { compressionLevel: 4 } as const;

/** Writes the requested cuts of an image as PNG; resolves with their paths, the crop first. */
export async function writeCuts(
  image: ReadImage,
  object: CutObject,
  cut: CutMode,
  folder: string,
): Promise<string[]> {
  const made: string[] = [];
  if (cut !== 'blur') made.push(await crop(image, object, join(folder, 'crop.png')));
  if (cut !== 'crop') made.push(await blur(image, object, join(folder, 'blur.png')));
  return made;
}

async function crop({ open, size }: ReadImage, { bbox }: CutObject, path: string): Promise<string> {
  await open()
    .extract(regionAround(bbox, size, MARGIN))
    .toColourspace('srgb')
    .png(PNG)
    .toFile(path)
    .catch(unreadable);
  return path;
}

async function blur(image: ReadImage, { bbox, mask }: CutObject, path: string): Promise<string> {
  const { size } = image;
  const raw = { ...size, channels: 3 } as const;
  const pixels = await readAllPixels(image);
  const share = BLUR * Math.max(size.width, size.height);
  const sigma = Math.min(MAX_SIGMA, Math.max(LEAST_SIGMA, share));
  const background = await sharp(pixels, { raw, limitInputPixels: false })
    .blur(sigma)
    .raw()
    .toBuffer();
  const isDrawn = mask !== undefined && mask.width > 0 && mask.height > 0;
  const seen = isDrawn ? await softenMask(mask, size) : ellipticMask(bbox, size);
  blendInto(background, pixels, size.width, seen);
  await sharp(background, { raw, limitInputPixels: false }).png(PNG).toFile(path);
  return path;
}
