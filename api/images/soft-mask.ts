import sharp from 'sharp';
import type { Bbox, Size } from '../../domain/result/detection.js';
import type { Mask } from '../../models/segmenter.js';
import { growBox, MARGIN, type Region, regionAround } from './main-object.js';

/** Opacity of the object at each pixel of a region: 0 to 255, row by row. */
export interface SoftMask {
  readonly region: Region;
  readonly data: Uint8Array;
}

/** End of the soft edge of an ellipse, in half axes. */
const EDGE = 1.25;
/** Sigma of a mask's edge as a share of the object's longer side; at least 1 pixel. */
const SOFTNESS = 0.01;
/** Sigmas after which a Gaussian is negligible. */
const REACH = 3;

/**
 * Creates an elliptic mask in the box grown by the margin: opaque inside, transparent from 1.25 half
 * axes on, smooth in between.
 */
export function ellipticMask(bbox: Bbox, size: Size): SoftMask {
  const [xMin, yMin, xMax, yMax] = growBox(bbox, MARGIN);
  const [centreX, centreY] = [(xMin + xMax) / 2, (yMin + yMax) / 2];
  const [halfX, halfY] = [Math.max(1, (xMax - xMin) / 2), Math.max(1, (yMax - yMin) / 2)];
  const reach = [halfX * EDGE, halfY * EDGE] as const;
  const outer: Bbox = [
    ...([centreX - reach[0], centreY - reach[1]] as const),
    ...([centreX + reach[0], centreY + reach[1]] as const),
  ];
  const region = regionAround(outer, size, 0);
  const data = new Uint8Array(region.width * region.height);
  for (let row = 0, at = 0; row < region.height; row++) {
    const y = (region.top + row + 0.5 - centreY) / halfY;
    for (let column = 0; column < region.width; column++, at++) {
      const x = (region.left + column + 0.5 - centreX) / halfX;
      data[at] = Math.round(255 * fade(Math.sqrt(x * x + y * y)));
    }
  }
  return { region, data };
}

/** Smoothstep from 1 at a distance of 1 to 0 at the end of the edge. */
function fade(distance: number): number {
  const left = Math.min(1, Math.max(0, (EDGE - distance) / (EDGE - 1)));
  return left * left * (3 - 2 * left);
}

/** Returns the object's mask with a soft edge. */
export async function softenMask(mask: Mask, size: Size): Promise<SoftMask> {
  const sigma = Math.max(1, SOFTNESS * Math.max(mask.width, mask.height));
  const around = Math.ceil(REACH * sigma);
  const { x, y, width, height } = mask;
  const bbox: Bbox = [x - around, y - around, x + width + around, y + height + around];
  const region = regionAround(bbox, size, 0);
  const hard = Buffer.alloc(region.width * region.height);
  for (let row = 0; row < height; row++) {
    const to = (y + row - region.top) * region.width + (x - region.left);
    hard.set(mask.data.subarray(row * width, (row + 1) * width), to);
  }
  const raw = { width: region.width, height: region.height, channels: 1 } as const;
  const soft = sharp(hard, { raw }).blur(sigma).extractChannel(0).raw();
  return { region, data: await soft.toBuffer() };
}

/**
 * Blends the masked part of an image over a background of the same size, in place; both are R, G, B.
 */
export function blendInto(
  background: Uint8Array,
  image: Uint8Array,
  width: number,
  { region, data }: SoftMask,
): void {
  for (let row = 0, at = 0; row < region.height; row++) {
    let byte = 3 * ((region.top + row) * width + region.left);
    for (let column = 0; column < region.width; column++, at++) {
      const seen = data[at]! / 255;
      for (const end = byte + 3; byte < end; byte++) {
        const behind = background[byte]!;
        background[byte] = Math.round(behind + (image[byte]! - behind) * seen);
      }
    }
  }
}
