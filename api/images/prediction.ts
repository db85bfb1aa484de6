import type { Findings } from './image-job.js';

/** What a picture shows, by class. */
export interface Prediction {
  /** The best class; null when a detector found nothing. */
  readonly class: string | null;
  /** 0 to 1; 0 when nothing was found. */
  readonly confidence: number;
  /** Every class of the model in the order of its labels; of a detector the best object's, or 0. */
  readonly all_predictions: Readonly<Record<string, number>>;
}

/** The best class of a picture; of equal ones the first. */
export function predictionOf(found: Findings, labels: readonly string[]): Prediction {
  const confidences = confidencesOf(found, labels);
  let best: string | null = null;
  let confidence = 0;
  for (const [label, value] of confidences) {
    if (value > confidence) [best, confidence] = [label, value];
  }
  return { class: best, confidence, all_predictions: Object.fromEntries(confidences) };
}

/** A label that two classes share has the confidence of the surer one. */
function confidencesOf(found: Findings, labels: readonly string[]): Map<string, number> {
  const confidences = new Map(labels.map((label) => [label, 0]));
  const raise = (label: string, value: number) =>
    confidences.set(label, Math.max(value, confidences.get(label) ?? 0));
  if (found.kind === 'objects') for (const each of found.objects) raise(each.class, each.conf);
  else found.confidences.forEach((value, classId) => raise(labels[classId]!, value));
  return confidences;
}
