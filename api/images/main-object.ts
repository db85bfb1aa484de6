import { area, type Bbox, type Size } from '../../domain/result/detection.js';

/** Whole pixels of a picture. */
export interface Region extends Size {
  readonly left: number;
  readonly top: number;
}

/** What a crop shows around the object, in shares of its width and height on each side. */
export const MARGIN = 0.1;

/** Where an object is, and how sure the network is of it. */
export interface Located {
  readonly bbox: Bbox;
  readonly confidence: number;
}

/**
 * The object with the largest product of confidence and area within the picture, of equal ones the
 * first; undefined where none has an extent.
 */
export function mainObject<T extends Located>(objects: readonly T[], size: Size): T | undefined {
  let main: T | undefined;
  let largest = 0;
  for (const object of objects) {
    const weight = object.confidence * area(clipBox(object.bbox, size));
    if (weight > largest) [main, largest] = [object, weight];
  }
  return main;
}

/**
 * A box grown by a share of its sides on each side, as whole pixels within the picture, at least one.
 * @example regionAround([10, 10, 30, 20], { width: 100, height: 100 }, 0.1) // left 8, top 9, 24 x 12
 */
export function regionAround(bbox: Bbox, size: Size, margin: number): Region {
  const [xMin, yMin, xMax, yMax] = growBox(bbox, margin);
  const left = Math.min(Math.max(0, Math.floor(xMin)), size.width - 1);
  const top = Math.min(Math.max(0, Math.floor(yMin)), size.height - 1);
  const right = Math.min(size.width, Math.max(left + 1, Math.ceil(xMax)));
  const bottom = Math.min(size.height, Math.max(top + 1, Math.ceil(yMax)));
  return { left, top, width: right - left, height: bottom - top };
}

/** A box with a share of its width and height more on each side. */
export function growBox([xMin, yMin, xMax, yMax]: Bbox, margin: number): Bbox {
  const [x, y] = [(xMax - xMin) * margin, (yMax - yMin) * margin];
  return [xMin - x, yMin - y, xMax + x, yMax + y];
}

function clipBox([xMin, yMin, xMax, yMax]: Bbox, { width, height }: Size): Bbox {
  return [Math.max(0, xMin), Math.max(0, yMin), Math.min(width, xMax), Math.min(height, yMax)];
}
