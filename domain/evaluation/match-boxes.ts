import { area, type Bbox, iou, type StoredObject } from '../result/detection.js';

/** Minimum IoU of a match: 0.5 to 0.95 in steps of 0.05, in the arithmetic of NumPy's `linspace`. */
export const IOU_THRESHOLDS: readonly number[] = Array.from({ length: 10 }, (_, i) =>
  i === 9 ? 0.95 : 0.5 + i * ((0.95 - 0.5) / 9),
);

/** Range of areas in square pixels, both ends included. */
export type AreaRange = readonly [min: number, max: number];

/** Sizes of objects in COCO. */
export const AREA_RANGES = {
  all: [0, 1e5 ** 2],
  small: [0, 32 ** 2],
  medium: [32 ** 2, 96 ** 2],
  large: [96 ** 2, 1e5 ** 2],
} as const satisfies Readonly<Record<string, AreaRange>>;

/** Outcome of a found box at a threshold; an ignored one counts neither way. */
export const OUTCOMES = { hit: 1, miss: 0, ignored: -1 } as const;
export type Outcome = (typeof OUTCOMES)[keyof typeof OUTCOMES];

/** A found box with its outcome at each of the {@link IOU_THRESHOLDS}. */
export interface MatchedBox {
  readonly conf: number;
  readonly outcomes: readonly Outcome[];
}

/** Maximum number of boxes of a class in an image; those with the lowest confidence are left out. */
const MAX_BOXES = 100;

/** A true box, and whether its size is outside the range. */
interface TrueBox {
  readonly box: Bbox;
  readonly isIgnored: boolean;
}

/**
 * Assigns the found boxes of a class in an image to the true ones, the most confident first: each gets
 * the free box with the highest IoU, as in Microsoft COCO's evaluation (Lin et al. 2014, `evaluateImg`
 * of cocoapi). Boxes whose size is outside the range are ignored.
 * @returns the found boxes by falling confidence, and the number of true boxes inside the range.
 */
export function matchBoxes(
  truth: readonly Bbox[],
  found: readonly Pick<StoredObject, 'box' | 'conf'>[],
  range: AreaRange,
): { readonly boxes: readonly MatchedBox[]; readonly positives: number } {
  const isOutside = (box: Bbox) => area(box) < range[0] || area(box) > range[1];
  const all = truth.map((box) => ({ box, isIgnored: isOutside(box) }));
  // Boxes that count are offered first.
  const sorted = all.toSorted((a, b) => Number(a.isIgnored) - Number(b.isIgnored));
  const ranked = found.toSorted((a, b) => b.conf - a.conf).slice(0, MAX_BOXES);
  const overlaps = ranked.map(({ box }) => sorted.map((each) => iou(box, each.box)));
  const byThreshold = IOU_THRESHOLDS.map((threshold) => assign(sorted, overlaps, threshold));
  const boxes = ranked.map(({ conf, box }, i) => ({
    conf,
    outcomes: byThreshold.map((matches) => outcomeOf(matches[i], isOutside(box))),
  }));
  return { boxes, positives: all.filter(({ isIgnored }) => !isIgnored).length };
}

function outcomeOf(match: TrueBox | undefined, isOutside: boolean): Outcome {
  if (match) return match.isIgnored ? OUTCOMES.ignored : OUTCOMES.hit;
  return isOutside ? OUTCOMES.ignored : OUTCOMES.miss;
}

/** Returns the true box of each found one; undefined if none is free and near enough. */
function assign(
  truth: readonly TrueBox[],
  overlaps: readonly (readonly number[])[],
  threshold: number,
): (TrueBox | undefined)[] {
  const free = new Set(truth);
  return overlaps.map((ofBox) => {
    const match = bestOf(truth, free, ofBox, threshold);
    if (match) free.delete(match);
    return match;
  });
}

/** Among equal overlaps the last one wins; an ignored box is taken only if no other one matches. */
function bestOf(
  truth: readonly TrueBox[],
  free: ReadonlySet<TrueBox>,
  overlaps: readonly number[],
  threshold: number,
): TrueBox | undefined {
  let best = Math.min(threshold, 1 - 1e-10);
  let match: TrueBox | undefined;
  for (const [i, each] of truth.entries()) {
    if (!free.has(each)) continue;
    if (match && !match.isIgnored && each.isIgnored) break;
    if (overlaps[i]! < best) continue;
    [best, match] = [overlaps[i]!, each];
  }
  return match;
}
