import type { Size } from '../../../domain/result/detection.js';

/** A run of whole pixels along one axis. */
export interface Span {
  readonly first: number;
  readonly length: number;
}

/** Position of one side of the frame in the input and in the plane that is resized. */
export interface Side {
  /** Input pixels per frame pixel. */
  readonly scale: number;
  /** Offset of the content in input pixels. */
  readonly pad: number;
  /** Length of the content in input pixels. */
  readonly content: number;
  /** Length of the input in its pixels, and of the plane in its pixels. */
  readonly inputSide: number;
  readonly side: number;
}

/** Bilinear interpolation along one axis. */
export interface Axis {
  /** Index, within `reach`, of the plane pixel before each frame pixel. */
  readonly before: Int32Array;
  /** Weight of the plane pixel after it, 0 to 1. */
  readonly share: Float64Array;
  /** End of the frame pixels between each pixel of the reach and the next. */
  readonly ends: Uint32Array;
  /** Plane pixels that are read. */
  readonly reach: Span;
}

/**
 * Positions of frame pixels between the centres of a plane's pixels; positions outside the content
 * are clamped to its edge.
 */
export function axisOf(
  { first, length }: Span,
  { scale, pad, content, inputSide, side }: Side,
): Axis {
  const perInputPixel = side / inputSide;
  const low = Math.max(0, pad * perInputPixel);
  const high = Math.max(low, Math.min(side, (pad + content) * perInputPixel) - 1);
  const before = new Int32Array(length);
  const share = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    const inputPosition = pad + (first + i + 0.5) * scale;
    const at = Math.min(high, Math.max(low, inputPosition * perInputPixel - 0.5));
    before[i] = Math.floor(at);
    share[i] = at - before[i]!;
  }
  const start = before[0]!;
  const last = Math.min(side - 1, before[length - 1]! + 1);
  const ends = new Uint32Array(last - start + 1);
  for (let i = 0; i < length; i++) {
    before[i]! -= start;
    ends[before[i]!] = i + 1;
  }
  for (let i = 1; i < ends.length; i++) ends[i] = Math.max(ends[i]!, ends[i - 1]!);
  return { before, share, ends, reach: { first: start, length: ends.length } };
}

/**
 * Writes the weighted sum of planes to `sums`, within a window of the plane. Returns false if a sum is
 * not finite.
 */
export function sumOf(
  planes: Float32Array,
  weights: Float32Array,
  { width, height }: Size,
  across: Span,
  down: Span,
  sums: Float64Array,
): boolean {
  let total = 0;
  for (let row = down.first; row < down.first + down.length; row++) {
    const start = row * width + across.first;
    const end = start + across.length;
    sums.fill(0, start, end);
    for (let plane = 0; plane < weights.length; plane++) {
      const weight = weights[plane]!;
      const shift = plane * width * height;
      for (let at = start; at < end; at++) sums[at]! += weight * planes[shift + at]!;
    }
    // A sum with NaN or infinity in it is not finite.
    for (let at = start; at < end; at++) total += sums[at]!;
  }
  return Number.isFinite(total);
}

/** Upsamples a plane and thresholds it: 255 for each pixel above 0, else 0. */
export function upsampleMask(
  plane: Float64Array,
  rowLength: number,
  across: Axis,
  down: Axis,
): Uint8Array {
  const width = across.share.length;
  const height = down.share.length;
  const { length } = across.reach;
  const drawn = new Uint8Array(width * height);
  // One extra value, so that the last pixel has a successor.
  const line = new Float64Array(length + 1);
  const start = down.reach.first * rowLength + across.reach.first;
  for (let row = 0; row < height; row++) {
    const before = down.before[row]!;
    const after = Math.min(down.reach.length - 1, before + 1);
    const share = down.share[row]!;
    blend(plane, start + before * rowLength, start + after * rowLength, share, line, length);
    drawLine(line, across, drawn, row * width);
  }
  return drawn;
}

/** Interpolates a line between two lines of a plane. */
function blend(
  plane: Float64Array,
  upper: number,
  lower: number,
  share: number,
  line: Float64Array,
  length: number,
): void {
  for (let i = 0; i < length; i++) {
    line[i] = plane[upper + i]! * (1 - share) + plane[lower + i]! * share;
  }
}

/** Values between two pixels of the same sign have that sign, so only sign changes are computed. */
function drawLine(
  line: Float64Array,
  { share, ends }: Axis,
  drawn: Uint8Array,
  first: number,
): void {
  for (let at = 0, from = 0; at < ends.length; at++) {
    const end = ends[at]!;
    const left = line[at]!;
    const right = line[at + 1]!;
    if (left > 0 && right > 0) drawn.fill(255, first + from, first + end);
    else if (left > 0 || right > 0) {
      for (let pixel = from; pixel < end; pixel++) {
        if (left + (right - left) * share[pixel]! > 0) drawn[first + pixel] = 255;
      }
    }
    from = end;
  }
}
