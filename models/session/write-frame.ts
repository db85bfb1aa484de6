import type { InputArray } from './element-type.js';

/** The part of the content that is copied, in pixels of the content (from) and the input (to). */
export interface Area {
  readonly fromX: number;
  readonly fromY: number;
  readonly toX: number;
  readonly toY: number;
  readonly width: number;
  readonly height: number;
}

/** Layout of a channel in an array: its first value, and the distance between pixels and rows. */
export interface ChannelLayout {
  readonly first: number;
  readonly pixelStep: number;
  readonly rowStep: number;
}

/** Copies a plane whose values need no conversion. */
export function copyPlane(
  data: InputArray,
  { first, rowStep }: ChannelLayout,
  plane: Uint8Array,
  columns: number,
  { fromX, fromY, toX, toY, width, height }: Area,
): void {
  const start = first + toY * rowStep + toX;
  if (width === columns && width === rowStep) {
    data.set(plane.subarray(fromY * columns, (fromY + height) * columns), start);
    return;
  }
  for (let row = 0; row < height; row++) {
    const from = (fromY + row) * columns + fromX;
    data.set(plane.subarray(from, from + width), start + row * rowStep);
  }
}

/** Writes a plane through a lookup table. */
export function writePlane(
  data: InputArray,
  { first, pixelStep, rowStep }: ChannelLayout,
  plane: Uint8Array,
  columns: number,
  { fromX, fromY, toX, toY, width, height }: Area,
  table: InputArray,
): void {
  for (let row = 0; row < height; row++) {
    let from = (fromY + row) * columns + fromX;
    let to = first + (toY + row) * rowStep + toX * pixelStep;
    for (const end = from + width; from < end; from++, to += pixelStep) {
      data[to] = table[plane[from]!]!;
    }
  }
}

/** Writes interleaved pixels in one pass; targets and tables are those of red, green and blue. */
export function writePixels(
  data: InputArray,
  [red, green, blue]: readonly ChannelLayout[],
  pixels: Uint8Array,
  columns: number,
  { fromX, fromY, toX, toY, width, height }: Area,
  [redTable, greenTable, blueTable]: readonly InputArray[],
): void {
  const { first: toRed, pixelStep, rowStep } = red!;
  const toGreen = green!.first - toRed;
  const toBlue = blue!.first - toRed;
  for (let row = 0; row < height; row++) {
    let from = 3 * ((fromY + row) * columns + fromX);
    let to = toRed + (toY + row) * rowStep + toX * pixelStep;
    for (const end = from + 3 * width; from < end; from += 3, to += pixelStep) {
      data[to] = redTable![pixels[from]!]!;
      data[to + toGreen] = greenTable![pixels[from + 1]!]!;
      data[to + toBlue] = blueTable![pixels[from + 2]!]!;
    }
  }
}
