import { area, type Bbox, type Size } from '../../domain/result/detection.js';

/** Region of an image in whole pixels. */
export interface Region extends Size {
  readonly left: number;
  readonly top: number;
}

/** Margin of a crop on each side, as a share of the object's width and height. */
export const MARGIN = 0.1;

/** Object with its box and confidence. */
export interface Located {
  readonly bbox: Bbox;
  readonly confidence: number;
}

/**
 * Returns the object with the largest product of confidence and area inside the image, the first of
 * equal ones; undefined if no object has an area.
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
 * Grows a box by a share of its sides on each side, to whole pixels inside the image, at least one.
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

/** Grows a box by a share of its width and height on each side. */
export function growBox([xMin, yMin, xMax, yMax]: Bbox, margin: number): Bbox {
  const [x, y] = [(xMax - xMin) * margin, (yMax - yMin) * margin];
  return [xMin - x, yMin - y, xMax + x, yMax + y];
}

function clipBox([xMin, yMin, xMax, yMax]: Bbox, { width, height }: Size): Bbox {
  return [Math.max(0, xMin), Math.max(0, yMin), Math.min(width, xMax), Math.min(height, yMax)];
}
