import { join } from 'node:path';
import sharp from 'sharp';
import type { Mask } from '../../models/segmenter.js';
import type { CutMode } from './image-job.js';
import { type Located, MARGIN, regionAround } from './main-object.js';
import {
  type ReadImage,
  readAllPixels,
  unreadable,
} from '../../models/preprocess/displayed-image.js';
import { blendInto, ellipticMask, softenMask } from './soft-mask.js';

/** Object to cut out, with its mask if the model has masks. */
export interface CutObject extends Located {
  readonly mask?: Mask;
}

/** Sigma of the background's blur as a share of the image's longer side, and its minimum. */
const BLUR = 0.02;
const LEAST_SIGMA = 2;
/** Sigma above which the image is reduced before the blur, which takes time in proportion to sigma. */
const MAX_SIGMA = 50;
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
  const background = await blurAll(pixels, size);
  const isDrawn = mask !== undefined && mask.width > 0 && mask.height > 0;
  const seen = isDrawn ? await softenMask(mask, size) : ellipticMask(bbox, size);
  blendInto(background, pixels, size.width, seen);
  await sharp(background, { raw, limitInputPixels: false }).png(PNG).toFile(path);
  return path;
}

/** Blurs RGB pixels; the sigma is a share of the longer side. */
async function blurAll(pixels: Buffer, { width, height }: ReadImage['size']): Promise<Buffer> {
  const sigma = Math.max(LEAST_SIGMA, BLUR * Math.max(width, height));
  const reduction = Math.max(1, sigma / MAX_SIGMA);
  const [reducedWidth, reducedHeight] = [width, height].map((side) => Math.ceil(side / reduction));
  const raw = { width, height, channels: 3 } as const;
  const blurred = await sharp(pixels, { raw, limitInputPixels: false })
    .resize(reducedWidth, reducedHeight, { fit: 'fill' })
    .blur(sigma / reduction)
    .raw()
    .toBuffer({ resolveWithObject: true });
  return sharp(blurred.data, { raw: blurred.info })
    .resize(width, height, { fit: 'fill' })
    .raw()
    .toBuffer();
}
