import type { Size } from '../../../domain/result/detection.js';

/** Neighbouring whole pixels of a side. */
export interface Span {
  readonly first: number;
  readonly length: number;
}

/** How one side of the frame lies in the input and in the plane that is resized. */
export interface Side {
  /** Network pixels per frame pixel, and where the frame's content begins in the input. */
  readonly scale: number;
  readonly pad: number;
  /** Network pixels of the content. */
  readonly content: number;
  /** The side of the input in network pixels, and of the plane in its own pixels. */
  readonly inputSide: number;
  readonly side: number;
}

/** Of each frame pixel of a span, the pixel of the reach before it and the share of the one after. */
export interface Axis {
  readonly before: Int32Array;
  readonly share: Float64Array;
  /** Where the frame pixels end that lie after each pixel of the reach and before the next one. */
  readonly ends: Uint32Array;
  /** The plane's pixels that are looked at. */
  readonly reach: Span;
}

/**
 * Where frame pixels lie between the centres of a plane's pixels; what is outside the content has
 * the value of its edge.
 */
export function axisOf(
  { first, length }: Span,
  { scale, pad, content, inputSide, side }: Side,
): Axis {
  const perNetworkPixel = side / inputSide;
  const low = Math.max(0, pad * perNetworkPixel);
  const high = Math.max(low, Math.min(side, (pad + content) * perNetworkPixel) - 1);
  const before = new Int32Array(length);
  const share = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    const network = pad + (first + i + 0.5) * scale;
    const at = Math.min(high, Math.max(low, network * perNetworkPixel - 0.5));
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
 * Sums planes, each with its weight, within a window; false when a sum is not finite.
 * The sums stand where the window's pixels stand in a plane.
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
    // Infinity and NaN survive a sum.
    for (let at = start; at < end; at++) total += sums[at]!;
  }
  return Number.isFinite(total);
}

/** 255 for each pixel whose value between those of a plane is above 0, else 0. */
export function drawAbove(
  plane: Float64Array,
  rowLength: number,
  across: Axis,
  down: Axis,
): Uint8Array {
  const width = across.share.length;
  const height = down.share.length;
  const { length } = across.reach;
  const drawn = new Uint8Array(width * height);
  // One value more, so that the last pixel has one after it.
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

/** A line between two lines of a plane. */
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

/** Between two pixels of one sign every value is of that sign, so few values are computed. */
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
