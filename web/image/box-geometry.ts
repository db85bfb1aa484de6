import type { StoredObject } from '../../api/types.js';

/** `[xMin, yMin, xMax, yMax]` in image pixels. */
export type Box = StoredObject['box'];
export type Point = readonly [x: number, y: number];

/** Size in pixels. */
export interface Extent {
  readonly width: number;
  readonly height: number;
}

/** Corners of a box by compass direction. */
export const CORNERS = ['nw', 'ne', 'sw', 'se'] as const;
export type Corner = (typeof CORNERS)[number];

const clamp = (value: number, min: number, max: number) =>
  Math.min(Math.max(Math.round(value), min), max);

/**
 * Returns the box between two opposite corners, in whole pixels inside the image, at least 1 x 1.
 * @example boxBetween([30, 8], [10.2, 20], { width: 40, height: 30 }) // [10, 8, 30, 20]
 */
export function boxBetween(a: Point, b: Point, { width, height }: Extent): Box {
  const xMin = clamp(Math.min(a[0], b[0]), 0, width - 1);
  const yMin = clamp(Math.min(a[1], b[1]), 0, height - 1);
  const xMax = clamp(Math.max(a[0], b[0]), xMin + 1, width);
  const yMax = clamp(Math.max(a[1], b[1]), yMin + 1, height);
  return [xMin, yMin, xMax, yMax];
}

/** Moves a box; it stops at the edges of the image. */
export function moveBox([xMin, yMin, xMax, yMax]: Box, by: Point, extent: Extent): Box {
  const x = clamp(by[0], -xMin, extent.width - xMax);
  const y = clamp(by[1], -yMin, extent.height - yMax);
  return [xMin + x, yMin + y, xMax + x, yMax + y];
}

/** Moves one corner of a box; it stops at the opposite corner and at the edges of the image. */
export function resizeBox(box: Box, corner: Corner, by: Point, extent: Extent): Box {
  const [xMin, yMin, xMax, yMax] = box;
  const [left, top] = [corner.endsWith('w'), corner.startsWith('n')];
  return [
    left ? clamp(xMin + by[0], 0, xMax - 1) : xMin,
    top ? clamp(yMin + by[1], 0, yMax - 1) : yMin,
    left ? xMax : clamp(xMax + by[0], xMin + 1, extent.width),
    top ? yMax : clamp(yMax + by[1], yMin + 1, extent.height),
  ];
}

/** Returns a centred box, a third of the image wide and high. */
export function centredBox({ width, height }: Extent): Box {
  return boxBetween([width / 3, height / 3], [(2 * width) / 3, (2 * height) / 3], {
    width,
    height,
  });
}

/** Area of a box in pixels. */
export const areaOf = ([xMin, yMin, xMax, yMax]: Box) => (xMax - xMin) * (yMax - yMin);
