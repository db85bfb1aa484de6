import type { Bbox, Size } from '../../domain/result/detection.js';

/** Part of an image in its pixels. */
export interface Region extends Size {
  readonly x: number;
  readonly y: number;
}

/** Side of the region as a multiple of that of the box. */
const MARGIN = 1.5;
/** Shortest side of a region: smaller ones would be enlarged too much. */
const LEAST_SIDE = 96;

/**
 * Returns the region around a box with an aspect ratio, moved into the image, or the whole image where
 * that is smaller.
 * @param aspect width divided by height
 */
export function cropRegion([x1, y1, x2, y2]: Bbox, image: Size, aspect: number): Region {
  const wanted = Math.max(LEAST_SIDE, MARGIN * (x2 - x1), MARGIN * (y2 - y1) * aspect);
  const width = Math.min(wanted, image.width, image.height * aspect);
  const height = width / aspect;
  return {
    x: clamp((x1 + x2 - width) / 2, image.width - width),
    y: clamp((y1 + y2 - height) / 2, image.height - height),
    ...{ width, height },
  };
}

const clamp = (value: number, max: number) => Math.min(Math.max(0, value), Math.max(0, max));
