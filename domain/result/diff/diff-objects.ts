import { type Bbox, iou, type StoredObject } from '../detection.js';

/** Minimum overlap (IoU) of two boxes that are the same object. */
const MIN_OVERLAP = 0.5;

/** Decimals of overlaps and changes of confidence, as of stored confidences. */
const DECIMALS = 1e5;

/** An object of result A with the object of result B at its place. */
export interface ObjectPair {
  readonly a: StoredObject;
  readonly b: StoredObject;
  /** Intersection over union of their boxes, 0.5 to 1. */
  readonly overlap: number;
}

/** Objects of one class at the same place. */
export interface SameObject extends ObjectPair {
  /** Confidence in B less that in A, -1 to 1. */
  readonly conf_change: number;
}

/** Difference between the objects of a frame in two results. */
export interface ObjectsDiff {
  readonly same: readonly SameObject[];
  /** Objects at the same place with another class in B. */
  readonly changed: readonly ObjectPair[];
  /** Objects of A without an object of B at their place. */
  readonly vanished: readonly StoredObject[];
  /** Objects of B without an object of A at their place. */
  readonly appeared: readonly StoredObject[];
}

/**
 * Pairs the objects of a frame in two results by the overlap of their boxes: first those of the same
 * class, then the others, and in both steps the pairs with the most overlap first.
 */
export function diffObjects(a: readonly StoredObject[], b: readonly StoredObject[]): ObjectsDiff {
  const same = pairObjects(a, b, (one, other) => one.class === other.class);
  const others = pairObjects(same.restA, same.restB, () => true);
  return {
    same: same.pairs.map((pair) => ({ ...pair, conf_change: round(pair.b.conf - pair.a.conf) })),
    changed: others.pairs,
    vanished: others.restA,
    appeared: others.restB,
  };
}

/** Rounds a value to the decimals of stored confidences. */
export function round(value: number): number {
  return Math.round(value * DECIMALS) / DECIMALS;
}

interface Pairing {
  readonly pairs: readonly ObjectPair[];
  readonly restA: readonly StoredObject[];
  readonly restB: readonly StoredObject[];
}

/** Greedy: the pair with the most overlap takes its objects out of all other pairs. */
function pairObjects(
  a: readonly StoredObject[],
  b: readonly StoredObject[],
  canPair: (a: StoredObject, b: StoredObject) => boolean,
): Pairing {
  const [restA, restB] = [new Set(a), new Set(b)];
  const pairs = findCandidates(a, b, canPair).filter(({ a: one, b: other }) => {
    const isFree = restA.has(one) && restB.has(other);
    if (isFree) restA.delete(one);
    if (isFree) restB.delete(other);
    return isFree;
  });
  const rounded = pairs.map((pair) => ({ ...pair, overlap: round(pair.overlap) }));
  return { pairs: rounded, restA: [...restA], restB: [...restB] };
}

/** Returns all pairs with enough overlap, those with the most overlap first. */
function findCandidates(
  a: readonly StoredObject[],
  b: readonly StoredObject[],
  canPair: (a: StoredObject, b: StoredObject) => boolean,
): ObjectPair[] {
  const found: ObjectPair[] = [];
  for (const one of a) {
    for (const other of b) {
      const overlap = canPair(one, other) ? overlapOf(one.box, other.box) : 0;
      if (overlap >= MIN_OVERLAP) found.push({ a: one, b: other, overlap });
    }
  }
  return found.sort((one, other) => other.overlap - one.overlap);
}

/** Equal boxes overlap fully, also those without extent, as objects of less than a pixel have. */
function overlapOf(a: Bbox, b: Bbox): number {
  return a.every((value, index) => value === b[index]) ? 1 : iou(a, b);
}
