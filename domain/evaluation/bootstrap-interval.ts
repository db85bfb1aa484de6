import { meanPrecision, type Rankings } from './detection.js';
import type { Difference } from './paired-interval.js';

/** Number of samples of the images. */
const SAMPLES = 500;
/** Share of the samples below the interval, and above it. */
const TAIL = 0.025;

/**
 * Interval of the difference in mean average precision of two detectors on the same images: percentile
 * interval over samples of the images with replacement (Efron and Tibshirani 1993, chapter 13). The same
 * input has the same interval.
 * @param images number of images.
 * @param pause lets other work run; awaited after each sample.
 */
export async function bootstrapInterval(
  { images, before, after }: { images: number; before: Rankings; after: Rankings },
  pause: () => Promise<void>,
): Promise<Difference> {
  const [first, second] = [[...before.values()], [...after.values()]];
  const differenceOf = (weights?: Uint32Array) => {
    const options = weights ? { weights } : {};
    return (meanPrecision(second, options) ?? 0) - (meanPrecision(first, options) ?? 0);
  };
  const random = createRandom();
  const differences: number[] = [];
  for (let sample = 0; sample < SAMPLES; sample++) {
    const weights = new Uint32Array(images);
    for (let drawn = 0; drawn < images; drawn++) weights[Math.floor(random() * images)]!++;
    differences.push(differenceOf(weights));
    await pause();
  }
  differences.sort((a, b) => a - b);
  const at = Math.floor(SAMPLES * TAIL);
  return {
    value: differenceOf(),
    low: differences[at]!,
    high: differences[SAMPLES - 1 - at]!,
  };
}

/** Numbers from 0 to 1, the same ones each time (mulberry32 by T. Ettinger, public domain). */
function createRandom(): () => number {
  let state = 1;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
