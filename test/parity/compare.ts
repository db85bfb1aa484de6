import { iou, type Bbox } from '../../domain/result/detection.js';

/** Detection of either side: the class by name, the box in frame pixels. */
export interface Compared {
  readonly class: string;
  readonly box: Bbox;
  readonly conf: number;
}

/** Number of confident detections that the other side confirms; counts of frames add up. */
export interface Agreement {
  /** Confident reference detections, matched with actual ones. */
  readonly reference: Matched;
  /** Confident actual detections, matched with reference ones. */
  readonly actual: Matched;
}

export interface Matched {
  readonly matched: number;
  readonly total: number;
}

/** Minimum confidence of a detection that the other side must confirm. */
const CONFIDENT = 0.4;
/** Minimum confidence and IoU of a detection that confirms another. */
const MATCH_CONF = 0.25;
const MATCH_IOU = 0.5;

export const NOTHING_COMPARED: Agreement = {
  reference: { matched: 0, total: 0 },
  actual: { matched: 0, total: 0 },
};

/** Compares the detections of one frame in both directions. */
export function compareDetections(
  reference: readonly Compared[],
  actual: readonly Compared[],
): Agreement {
  return {
    reference: matchConfident(reference, actual),
    actual: matchConfident(actual, reference),
  };
}

/** Pools two comparisons. */
export function addAgreements(a: Agreement, b: Agreement): Agreement {
  return {
    reference: addMatched(a.reference, b.reference),
    actual: addMatched(a.actual, b.actual),
  };
}

/** Returns the share of matched detections, 0 to 1; 1 without detections. */
export function shareOf({ matched, total }: Matched): number {
  return total === 0 ? 1 : matched / total;
}

function matchConfident(detections: readonly Compared[], others: readonly Compared[]): Matched {
  const confident = detections.filter(({ conf }) => conf >= CONFIDENT);
  const matched = confident.filter((detection) =>
    others.some(
      (other) =>
        other.class === detection.class &&
        other.conf >= MATCH_CONF &&
        iou(other.box, detection.box) >= MATCH_IOU,
    ),
  );
  return { matched: matched.length, total: confident.length };
}

function addMatched(a: Matched, b: Matched): Matched {
  return { matched: a.matched + b.matched, total: a.total + b.total };
}
