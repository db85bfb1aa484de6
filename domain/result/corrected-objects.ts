import { AppError } from '../errors.js';
import type { Bbox, Size } from './detection.js';

/** Object of a correction. */
export interface CorrectedObject {
  readonly class: string;
  readonly box: Bbox;
}

/**
 * Checks that the boxes of a correction are inside an image.
 * @throws AppError `INVALID_INPUT` that names the first box that is not.
 */
export function expectInside(objects: readonly CorrectedObject[], { width, height }: Size): void {
  const index = objects.findIndex((each) => !isInside(each, { width, height }));
  const object = objects[index];
  if (!object) return;
  throw new AppError(
    'INVALID_INPUT',
    `Invalid objects.${index}.box: expected 0 <= x1 < x2 <= ${width} and 0 <= y1 < y2 <= ${height}, the size of the image, received ${JSON.stringify(object.box)}.`,
  );
}

/** Whether the box of an object is inside an image, and not empty. */
export function isInside(
  { box: [xMin, yMin, xMax, yMax] }: CorrectedObject,
  { width, height }: Size,
): boolean {
  const isContained = xMin >= 0 && yMin >= 0 && xMax <= width && yMax <= height;
  return isContained && xMin < xMax && yMin < yMax;
}

/** Classes of a correction that a model does not have, each once, in the order of the objects. */
export function newClasses(
  objects: readonly CorrectedObject[],
  labels: readonly string[],
): string[] {
  const names = new Set(objects.map((object) => object.class));
  return [...names].filter((name) => !labels.includes(name));
}
