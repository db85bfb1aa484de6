import { canonicalJson } from '../hash.js';
import type { Feedback, LoggedPrediction } from './prediction-log.js';

/** Reasons for which a person should look at a prediction. */
export const REVIEW_KINDS = ['audit', 'low-confidence', 'disagreement'] as const;
export type ReviewKind = (typeof REVIEW_KINDS)[number];

/** Confidence below which a prediction is one of low confidence. */
export const LOW_CONFIDENCE = 0.5;

/**
 * Whether a prediction with a kept image awaits a person: one of the audit sample or of low confidence
 * until someone has corrected or confirmed it, and one on which people disagree until they agree.
 */
export function needsReview(kind: ReviewKind, prediction: LoggedPrediction): boolean {
  const { audit, confidence, feedback } = prediction;
  if (!prediction.picture) return false;
  const verdicts = latestVerdicts(feedback);
  if (kind === 'disagreement') return new Set(verdicts).size > 1;
  if (verdicts.length > 0) return false;
  return kind === 'audit' ? audit === true : confidence < LOW_CONFIDENCE;
}

/** Whether a prediction with a kept image has no verdict of a person. */
export function needsAnswer(prediction: LoggedPrediction): boolean {
  return prediction.picture !== undefined && latestVerdicts(prediction.feedback).length === 0;
}

/** Latest verdict of each person as text; equal verdicts have equal texts. A comment alone is none. */
function latestVerdicts(feedback: readonly Feedback[]): string[] {
  const latest = new Map<string, string>();
  for (const given of feedback) {
    const { class: name, box, objects, by = '' } = given;
    if (name === undefined && !box && !objects) continue;
    const sorted = objects?.map(canonicalJson).sort();
    latest.set(by, canonicalJson({ class: name, box, objects: sorted }));
  }
  return [...latest.values()];
}
