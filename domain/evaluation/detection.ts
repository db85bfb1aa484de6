import type { Bbox, StoredObject } from '../result/detection.js';
import { averagePrecision, rankBoxes, type Ranking } from './average-precision.js';
import type { ClassScore } from './classification.js';
import { AREA_RANGES, type AreaRange, IOU_THRESHOLDS, matchBoxes } from './match-boxes.js';

/** Objects that a detector found in a labelled image. */
export interface DetectedImage {
  /** SHA-256 of the image. */
  readonly image: string;
  /** All true objects. */
  readonly objects: readonly { readonly class: string; readonly box: Bbox }[];
  /** Found objects; null if the model could not read the image. */
  readonly found: readonly StoredObject[] | null;
}

/** Parts of the average precision; null without a true object of that size. */
export interface BoxScores {
  /** At an IoU of at least 0.5. */
  readonly ap50: number | null;
  /** At an IoU of at least 0.75. */
  readonly ap75: number | null;
  /** Of objects below 32 x 32 pixels. */
  readonly small: number | null;
  /** Of objects from 32 x 32 to 96 x 96 pixels. */
  readonly medium: number | null;
  /** Of objects above 96 x 96 pixels. */
  readonly large: number | null;
}

export interface DetectionScore {
  /** Mean average precision over the classes and ten thresholds; 0 without true objects. */
  readonly value: number;
  readonly boxes: BoxScores;
  /** Average precision of each class with true objects, and the number of images with such objects. */
  readonly classes: Readonly<Record<string, ClassScore>>;
}

/** Rankings of the classes that have true objects, in their order. */
export type Rankings = ReadonlyMap<string, Ranking>;

/**
 * Scores a detector as Microsoft COCO does (Lin et al. 2014, cocoapi): average precision at ten IoU
 * thresholds with at most 100 objects per class and image. Objects of classes without a true object are
 * not counted.
 */
export function scoreDetector(answers: readonly DetectedImage[]): DetectionScore {
  const rankings = rankClasses(answers);
  const imagesOf = (name: string) =>
    answers.filter(({ objects }) => objects.some((object) => object.class === name)).length;
  const classes = [...rankings].map(([name, ranking]) => {
    const value = meanPrecision([ranking]) ?? 0;
    return [name, { images: imagesOf(name), value }] as const;
  });
  const all = [...rankings.values()];
  const ofSize = (range: AreaRange) =>
    meanPrecision([...rankClasses(answers, range).values()]) ?? null;
  return {
    value: meanPrecision(all) ?? 0,
    boxes: {
      ap50: meanPrecision(all, { thresholds: [AT_50] }) ?? null,
      ap75: meanPrecision(all, { thresholds: [AT_75] }) ?? null,
      ...{ small: ofSize(AREA_RANGES.small), medium: ofSize(AREA_RANGES.medium) },
      large: ofSize(AREA_RANGES.large),
    },
    classes: Object.fromEntries(classes),
  };
}

/** Indices of the thresholds 0.5 and 0.75. */
const [AT_50, AT_75] = [0, 5];

/** Matches the boxes of each class with true objects, by name. */
export function rankClasses(
  answers: readonly DetectedImage[],
  range: AreaRange = AREA_RANGES.all,
): Rankings {
  const names = new Set(answers.flatMap(({ objects }) => objects.map((object) => object.class)));
  const rankings = [...names].sort().map((name) => {
    const matched = answers.map(({ objects, found }) => {
      const truth = objects.filter((object) => object.class === name).map(({ box }) => box);
      const ofClass = (found ?? []).filter((object) => object.class === name);
      return matchBoxes(truth, ofClass, range);
    });
    return [name, rankBoxes(matched)] as const;
  });
  return new Map(rankings);
}

/** Mean average precision over classes and thresholds; undefined without true boxes. */
export function meanPrecision(
  rankings: readonly Ranking[],
  {
    thresholds = IOU_THRESHOLDS.keys(),
    weights,
  }: { readonly thresholds?: Iterable<number>; readonly weights?: Uint32Array } = {},
): number | undefined {
  const chosen = [...thresholds];
  const values = rankings.flatMap((ranking) =>
    chosen.flatMap((threshold) => averagePrecision(ranking, threshold, weights) ?? []),
  );
  if (values.length === 0) return undefined;
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
