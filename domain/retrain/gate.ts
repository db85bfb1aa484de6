import { z } from 'zod';
import type { ClassScore } from '../evaluation/classification.js';
import type { BoxScores } from '../evaluation/detection.js';
import type { Difference } from '../evaluation/paired-interval.js';
import { described } from '../described.js';

const share = (fallback: number) => z.number().min(0).max(1).default(fallback);

/** Limits that a challenger must respect. */
export const gateSchema = z
  .strictObject({
    margin: described(
      share(0.01),
      'The lower end of the 95 % interval of challenger minus champion must be above -margin.',
      0.01,
    ),
    class_margin: described(
      share(0.05),
      'No class with at least 20 test images may fall by more than this.',
      0.05,
    ),
    min_test: described(
      z.int().min(1).default(100),
      'With fewer test images, a person must decide.',
      100,
    ),
  })
  .meta({ id: 'RetrainGate', description: 'Limits that a challenger must respect.' });

export type Gate = z.output<typeof gateSchema>;

/** Score of a model on the test part of a data set. */
export interface ModelScore {
  /** Accuracy of a classifier, mean average precision of a detector. */
  readonly value: number;
  /** Null for a detector. */
  readonly calibration_error: number | null;
  /** Parts of the average precision; absent for a classifier. */
  readonly boxes?: BoxScores;
  readonly classes: Readonly<Record<string, ClassScore>>;
  /** CPU milliseconds of the fastest image, with decoding. */
  readonly ms_per_image: number;
}

/** Scores of two models on the same images. */
export interface Comparison {
  /** Number of test images. */
  readonly images: number;
  readonly champion: ModelScore;
  readonly challenger: ModelScore;
  /** Challenger minus champion. */
  readonly difference: Difference;
}

/**
 * Verdict about a challenger: `pass` if it respects all limits, `fail` if not, `unsure` if there are too
 * few test images, with a reason for each limit that it does not respect.
 */
export interface Verdict {
  readonly gate: 'pass' | 'fail' | 'unsure';
  readonly reasons: readonly string[];
}

/** Number of test images from which the score of a class counts. */
const CLASS_IMAGES = 20;
/** Maximum time of the challenger, as a multiple of the champion's. */
const MAX_SLOWDOWN = 1.5;

/** Judges a challenger. */
export function judge(comparison: Comparison, gate: Gate): Verdict {
  const { images } = comparison;
  const isUnsure = images < gate.min_test;
  const failures = [
    ...fallenClasses(comparison, gate),
    ...slowdown(comparison),
    // The interval of few images is wide.
    ...(isUnsure ? [] : worse(comparison, gate)),
  ];
  if (failures.length > 0) return { gate: 'fail', reasons: failures };
  const few = `There are ${images} test images, fewer than ${gate.min_test} (min_test): a person must decide.`;
  return isUnsure ? { gate: 'unsure', reasons: [few] } : { gate: 'pass', reasons: [] };
}

function worse({ difference: { low } }: Comparison, { margin }: Gate): string[] {
  if (low > -margin) return [];
  return [
    `The challenger may be worse: the lower end of its difference is ${percent(low)}, the limit is ${percent(-margin)} (margin).`,
  ];
}

function fallenClasses({ champion, challenger }: Comparison, { class_margin }: Gate): string[] {
  return Object.entries(champion.classes).flatMap(([label, before]) => {
    const after = challenger.classes[label]?.value ?? 0;
    if (before.images < CLASS_IMAGES || before.value - after <= class_margin) return [];
    return [
      `The class ${JSON.stringify(label)} fell from ${percent(before.value)} to ${percent(after)} of ${before.images} images; the limit is ${percent(class_margin)} (class_margin).`,
    ];
  });
}

function slowdown({ champion, challenger }: Comparison): string[] {
  const [before, after] = [champion.ms_per_image, challenger.ms_per_image];
  if (after <= before * MAX_SLOWDOWN) return [];
  return [
    `The challenger is too slow: ${after.toFixed(1)} ms of CPU an image, the champion ${before.toFixed(1)} ms; the limit is ${MAX_SLOWDOWN} times that.`,
  ];
}

/** @example percent(0.125) // '12.5 %' */
function percent(value: number): string {
  return `${(value * 100).toFixed(1)} %`;
}
