import type { ContentSize, ResizeKernel } from '../../domain/model/content-size.js';
import type { Size } from '../../domain/result/detection.js';

/** Kernels for which {@link resample} gives the pixels of Pillow. */
export type SampledKernel = Exclude<ResizeKernel, 'lanczos3'>;

/** Input pixels that make each output pixel along one side, and their weights. */
interface Taps {
  /** First input pixel of each output pixel. */
  readonly first: Int32Array;
  /** Number of input pixels of each output pixel. */
  readonly count: Int32Array;
  /** Fixed-point weights, `stride` per output pixel. */
  readonly weights: Int32Array;
  readonly stride: number;
}

const CHANNELS = 3;
/** Fractional bits of a weight, as in Pillow: 32 less 8 of a value and 2 of overshoot. */
const BITS = 22;
const HALF = 2 ** (BITS - 1);

/** Half of a kernel's width in input pixels, and its weight at a distance from the centre. */
const CURVES = {
  bilinear: { support: 1, weightAt: (x: number) => Math.max(0, 1 - Math.abs(x)) },
  bicubic: { support: 2, weightAt: cubicAt },
} as const;

/**
 * Resizes interleaved 8-bit R, G, B to the pixels of Pillow's `Image.resize` (`Resample.c` of
 * Pillow 11): by convolution along rows, then along columns, with a kernel that is widened by the
 * ratio if the frame shrinks. libvips enlarges from the corner of a pixel, not from its centre.
 */
export function resample(
  pixels: Uint8Array,
  from: Size,
  { width, height }: Size,
  kernel: SampledKernel,
): Buffer {
  const rows =
    width === from.width
      ? pixels
      : convolve(pixels, tapsOf(from.width, width, kernel), {
          lines: from.height,
          lineStep: CHANNELS * from.width,
          tapStep: CHANNELS,
          targetLineStep: CHANNELS * width,
          targetStep: CHANNELS,
        });
  if (height === from.height) return toBuffer(rows);
  const columns = convolve(rows, tapsOf(from.height, height, kernel), {
    lines: width,
    lineStep: CHANNELS,
    tapStep: CHANNELS * width,
    targetLineStep: CHANNELS,
    targetStep: CHANNELS * width,
  });
  return toBuffer(columns);
}

function toBuffer({ buffer, byteOffset, length }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, length);
}

/** Returns the kernel of a content size if it is one for {@link resample}. */
export function sampledKernelOf({ kernel }: ContentSize): SampledKernel | undefined {
  return kernel === 'lanczos3' ? undefined : kernel;
}

/** Distances in bytes between lines, and between the pixels of a line, of a source and a target. */
interface Lines {
  readonly lines: number;
  readonly lineStep: number;
  readonly tapStep: number;
  readonly targetLineStep: number;
  readonly targetStep: number;
}

function convolve(pixels: Uint8Array, taps: Taps, steps: Lines): Uint8Array {
  const { first, count, weights, stride } = taps;
  const { lines, lineStep, tapStep, targetLineStep, targetStep } = steps;
  const result = new Uint8ClampedArray(CHANNELS * lines * first.length);
  for (let index = 0; index < first.length; index++) {
    const start = index * stride;
    const end = start + count[index]!;
    for (let line = 0; line < lines; line++) {
      let red = HALF;
      let green = HALF;
      let blue = HALF;
      let at = line * lineStep + first[index]! * tapStep;
      for (let tap = start; tap < end; tap++) {
        const weight = weights[tap]!;
        red += weight * pixels[at]!;
        green += weight * pixels[at + 1]!;
        blue += weight * pixels[at + 2]!;
        at += tapStep;
      }
      const to = line * targetLineStep + index * targetStep;
      result[to] = red >> BITS;
      result[to + 1] = green >> BITS;
      result[to + 2] = blue >> BITS;
    }
  }
  return new Uint8Array(result.buffer);
}

function tapsOf(from: number, to: number, kernel: SampledKernel): Taps {
  if (kernel === 'nearest') return nearestTaps(from, to);
  const { support, weightAt } = CURVES[kernel];
  const ratio = from / to;
  const widening = Math.max(1, ratio);
  const reach = support * widening;
  const stride = 2 * Math.ceil(reach) + 1;
  const first = new Int32Array(to);
  const count = new Int32Array(to);
  const weights = new Int32Array(to * stride);
  for (let index = 0; index < to; index++) {
    const centre = (index + 0.5) * ratio;
    const start = Math.max(0, Math.trunc(centre - reach + 0.5));
    const end = Math.min(from, Math.trunc(centre + reach + 0.5));
    const values = Array.from({ length: end - start }, (_, tap) =>
      weightAt((start + tap - centre + 0.5) / widening),
    );
    const sum = values.reduce((total, value) => total + value, 0);
    first[index] = start;
    count[index] = values.length;
    weights.set(
      values.map((value) => roundAway((value / sum) * 2 ** BITS)),
      index * stride,
    );
  }
  return { first, count, weights, stride };
}

/** Steps from pixel to pixel as Pillow does: where two pixels are equally near, rounding decides. */
function nearestTaps(from: number, to: number): Taps {
  const ratio = from / to;
  const first = new Int32Array(to);
  for (let index = 0, at = ratio / 2; index < to; index++, at += ratio) first[index] = at;
  const ones = new Int32Array(to).fill(1);
  return { first, count: ones, weights: ones.map(() => 2 ** BITS), stride: 1 };
}

/** Cubic convolution with a = -0.5 (Keys, IEEE Transactions on Acoustics 29, 1981). */
function cubicAt(distance: number): number {
  const x = Math.abs(distance);
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
  return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
}

function roundAway(value: number): number {
  return Math.trunc(value + (value < 0 ? -0.5 : 0.5));
}
