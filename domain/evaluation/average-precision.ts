import type { MatchedBox } from './match-boxes.js';
import { IOU_THRESHOLDS, OUTCOMES } from './match-boxes.js';

/** Found boxes of a class in all images, by falling confidence. */
export interface Ranking {
  /** Number of true boxes by image. */
  readonly positives: Uint32Array;
  /** Index of the image of each found box. */
  readonly images: Uint32Array;
  /** Outcome of each found box, by threshold. */
  readonly outcomes: readonly Int8Array[];
}

/** Ranks the boxes of all images; of equal confidences the earlier image comes first. */
export function rankBoxes(
  matched: readonly { readonly boxes: readonly MatchedBox[]; readonly positives: number }[],
): Ranking {
  const rows = matched.flatMap(({ boxes }, image) => boxes.map((box) => ({ ...box, image })));
  rows.sort((a, b) => b.conf - a.conf);
  return {
    positives: Uint32Array.from(matched, ({ positives }) => positives),
    images: Uint32Array.from(rows, ({ image }) => image),
    outcomes: IOU_THRESHOLDS.map((_, i) => Int8Array.from(rows, ({ outcomes }) => outcomes[i]!)),
  };
}

/** Recalls at which the precision is read: 0 to 1 in steps of 0.01. */
const RECALLS = Array.from({ length: 101 }, (_, i) => (i === 100 ? 1 : i * 0.01));

/**
 * Average precision of a class at one threshold: mean of the interpolated precision at 101 recalls, as
 * in Microsoft COCO's evaluation (`accumulate` of cocoapi).
 * @param weights number of times that each image counts; default: once.
 * @returns undefined if no image has a true box.
 */
export function averagePrecision(
  { positives, images, outcomes }: Ranking,
  threshold: number,
  weights?: Uint32Array,
): number | undefined {
  const total = positives.reduce((sum, count, image) => sum + count * (weights?.[image] ?? 1), 0);
  if (total === 0) return undefined;
  const ranked = outcomes[threshold]!;
  const precisions = new Float64Array(ranked.length);
  const recalls = new Float64Array(ranked.length);
  let [hits, rows] = [0, 0];
  for (let i = 0; i < ranked.length; i++) {
    const weight = weights === undefined ? 1 : weights[images[i]!]!;
    if (ranked[i] !== OUTCOMES.ignored) rows += weight;
    if (ranked[i] === OUTCOMES.hit) hits += weight;
    precisions[i] = rows === 0 ? 0 : hits / rows;
    recalls[i] = hits / total;
  }
  return readPrecisions(precisions, recalls);
}

/** Mean over the recalls of the highest precision at that recall or a higher one; 0 if it is not reached. */
function readPrecisions(precisions: Float64Array, recalls: Float64Array): number {
  for (let i = precisions.length - 1; i > 0; i--)
    precisions[i - 1] = Math.max(precisions[i - 1]!, precisions[i]!);
  let [sum, at] = [0, 0];
  for (const recall of RECALLS) {
    while (at < recalls.length && recalls[at]! < recall) at++;
    sum += precisions[at] ?? 0;
  }
  return sum / RECALLS.length;
}
