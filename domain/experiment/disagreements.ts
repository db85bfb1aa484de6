import { ARMS } from './experiment.js';
import type { JudgedImage } from './judge-images.js';

/** Numbers of images, and of those of them that have a label. */
export interface LabelCounts {
  readonly images: number;
  readonly labelled: number;
}

/** Whether both arms ran on an image. */
export function isPair({ answers }: JudgedImage): boolean {
  return ARMS.every((arm) => answers[arm] !== undefined);
}

/** Whether both arms of a pair have the same class. */
const agrees = ({ answers }: JudgedImage): boolean => answers.champion === answers.challenger;

/**
 * Lists the predictions of the images without a label on which the arms differ, the newest first. Only
 * such images move the evidence of a shadow experiment, so that labelling no others does not bias it;
 * it does bias the accuracies, which are of all labelled images.
 * @param before only predictions that are older than this one
 */
export function listDisagreements(
  images: readonly JudgedImage[],
  before?: string,
): readonly string[] {
  return images
    .filter((image) => image.label === undefined && isPair(image) && !agrees(image))
    .map(({ prediction_id }) => prediction_id)
    .filter((id) => before === undefined || id < before)
    .toSorted((a, b) => (a < b ? 1 : -1));
}

/** Counts the labels of pairs by whether both arms have the same class. */
export function countLabels(
  pairs: readonly JudgedImage[],
): Record<'agree' | 'differ', LabelCounts> {
  const count = (images: readonly JudgedImage[]) => ({
    images: images.length,
    labelled: images.filter(({ label }) => label !== undefined).length,
  });
  return {
    agree: count(pairs.filter(agrees)),
    differ: count(pairs.filter((pair) => !agrees(pair))),
  };
}
