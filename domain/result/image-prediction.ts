import type { StoredObject } from './detection.js';

/** Output of a model: objects, or the confidences of all classes in the order of its labels. */
export type Findings =
  | { readonly kind: 'objects'; readonly objects: readonly StoredObject[] }
  | { readonly kind: 'classes'; readonly confidences: readonly number[] };

/** Prediction of an image by class. */
export interface Prediction {
  /** Best class; null if a detector found nothing. */
  readonly class: string | null;
  /** 0 to 1; 0 if nothing was found. */
  readonly confidence: number;
  /** Confidence of every class in the order of the labels; for a detector, of its best object or 0. */
  readonly all_predictions: Readonly<Record<string, number>>;
}

/** Returns the best class of an image, the first of equal ones. */
export function predictionOf(found: Findings, labels: readonly string[]): Prediction {
  const confidences = confidencesOf(found, labels);
  let best: string | null = null;
  let confidence = 0;
  for (const [label, value] of confidences) {
    if (value > confidence) [best, confidence] = [label, value];
  }
  return { class: best, confidence, all_predictions: Object.fromEntries(confidences) };
}

/** A label shared by two classes gets the higher confidence. */
function confidencesOf(found: Findings, labels: readonly string[]): Map<string, number> {
  const confidences = new Map(labels.map((label) => [label, 0]));
  const raise = (label: string, value: number) =>
    confidences.set(label, Math.max(value, confidences.get(label) ?? 0));
  if (found.kind === 'objects') for (const each of found.objects) raise(each.class, each.conf);
  else found.confidences.forEach((value, classId) => raise(labels[classId]!, value));
  return confidences;
}
