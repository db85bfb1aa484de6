import type { StoredObject } from '../result/detection.js';
import type { ObjectsDiff } from '../result/diff/diff-objects.js';

/** Order of cases: as they were compared, or those that are worth most first (at most 1000). */
export const CASE_ORDERS = ['compared', 'worth'] as const;
export type CaseOrder = (typeof CASE_ORDERS)[number];

interface Case {
  /** What differs. @example 'car → truck; appeared: dog' */
  readonly change: string;
  /** How much an answer of a person is worth, 0 to 1. */
  readonly worth: number;
}

interface Answer {
  readonly class: string | null;
  readonly confidence: number;
}

/** An image for which the models differ. */
export interface ImageCase extends Case {
  readonly type: 'image';
  readonly prediction_id: string;
  readonly sha256: string;
  readonly before: Answer;
  readonly after: Answer;
}

/** A frame of a video for which the models differ. */
export interface FrameCase extends Case {
  readonly type: 'frame';
  readonly event_id: string;
  readonly rescored_event_id: string;
  readonly video_id: string;
  readonly frame: number;
  readonly timestamp_ms: number;
}

export type RescoreCase = ImageCase | FrameCase;

/** Number of the cases that are kept by their worth. */
const RANKED_CASES = 1000;

/**
 * Returns how much an answer about two classes is worth: an answer decides between two models only
 * where they differ, and separates them most where both are sure, so it is the lower confidence.
 */
export function worthOfClasses(before: Answer, after: Answer): number {
  return Math.min(before.confidence, after.confidence);
}

/**
 * Returns how much an answer about a frame is worth: the most that it is for one of its differences.
 * For an object of only one model that is the confidence of the object.
 */
export function worthOfObjects({ changed, vanished, appeared }: ObjectsDiff): number {
  const pairs = changed.map(({ a, b }) => Math.min(a.conf, b.conf));
  const alone = [...vanished, ...appeared].map(({ conf }: StoredObject) => conf);
  return Math.max(0, ...pairs, ...alone);
}

/** Keeps the cases that are worth most, the first of equal ones first. */
export function createRanking(limit = RANKED_CASES) {
  let kept: RescoreCase[] = [];
  const sorted = () => kept.toSorted((a, b) => b.worth - a.worth).slice(0, limit);
  return {
    add: (added: RescoreCase) => {
      kept.push(added);
      if (kept.length >= 2 * limit) kept = sorted();
    },
    ranked: sorted,
  };
}
