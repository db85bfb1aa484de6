import { logFactorial } from './log-factorial.js';

/** Labelled images of an arm. */
export interface Answers {
  readonly labelled: number;
  readonly right: number;
}

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Error of the sequence of each arm: together 5 %. */
const ALPHA = 0.025;
const ARM_COUNT = 2;
/** Halvings of an interval: its ends are exact to 1e-15. */
const STEPS = 50;
const EDGE = 1e-12;

/**
 * Interval of the accuracy of an arm that holds at all times together with a probability of 97.5 %:
 * the accuracies against which the beta mixture (uniform from 0 to 1) has less evidence than 40 to 1
 * (Robbins 1970). It may be looked at after each image.
 */
export function accuracyInterval(answers: Answers): Interval {
  const mean = meanOf(answers);
  const limit = Math.log(1 / ALPHA);
  const isInside = (p: number) => logEvidenceAgainst(answers, p) < limit;
  return {
    low: isInside(EDGE) ? 0 : bisect(EDGE, mean, isInside),
    high: isInside(1 - EDGE) ? 1 : bisect(1 - EDGE, mean, isInside),
  };
}

/**
 * Logarithm of the evidence that two arms have different accuracies, on the scale on which 20 to 1 is an
 * error of 5 %: it is reached when their intervals part. Between both means, the evidence of each arm
 * against a common accuracy is highest where both are equal.
 */
export function logSplitEvidence(a: Answers, b: Answers): number {
  const [low, high] = meanOf(a) <= meanOf(b) ? [a, b] : [b, a];
  const common = bisect(meanOf(low), meanOf(high), (p) => {
    return logEvidenceAgainst(low, p) >= logEvidenceAgainst(high, p);
  });
  const evidence = Math.min(logEvidenceAgainst(low, common), logEvidenceAgainst(high, common));
  return evidence - Math.log(ARM_COUNT);
}

/** Logarithm of the evidence of the mixture against an accuracy; it is lowest at the mean. */
function logEvidenceAgainst({ labelled, right }: Answers, accuracy: number): number {
  const wrong = labelled - right;
  const mixture = logFactorial(right) + logFactorial(wrong) - logFactorial(labelled + 1);
  return mixture - right * Math.log(accuracy) - wrong * Math.log(1 - accuracy);
}

function meanOf({ labelled, right }: Answers): number {
  const mean = labelled === 0 ? 0.5 : right / labelled;
  return Math.min(1 - EDGE, Math.max(EDGE, mean));
}

/** Returns where a condition that is false at `from` and true at `to` becomes true. */
function bisect(from: number, to: number, holds: (p: number) => boolean): number {
  let [outside, inside] = [from, to];
  for (let i = 0; i < STEPS; i++) {
    const middle = (outside + inside) / 2;
    if (holds(middle)) inside = middle;
    else outside = middle;
  }
  return inside;
}
