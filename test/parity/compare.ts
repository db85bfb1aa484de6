import { iou, type Bbox } from '../../domain/result/detection.js';

/** A detection of either side: the class by name, the box in frame pixels. */
export interface Compared {
  readonly class: string;
  readonly box: Bbox;
  readonly conf: number;
}

/** How many detections that must be found again were found; counts of many frames add up. */
export interface Agreement {
  /** Confident reference detections, and those of them that the actual side has. */
  readonly reference: Matched;
  /** Confident actual detections, and those of them that the reference has. */
  readonly actual: Matched;
}

export interface Matched {
  readonly matched: number;
  readonly total: number;
}

/** From this confidence on, a detection must be found by the other side. */
const MUST_BE_FOUND = 0.4;
/** The other side's detection must have at least this confidence and this IoU. */
const FOUND_CONF = 0.25;
const FOUND_IOU = 0.5;

export const NOTHING_COMPARED: Agreement = {
  reference: { matched: 0, total: 0 },
  actual: { matched: 0, total: 0 },
};

/** Compares the detections of one frame, both ways. */
export function compareDetections(
  reference: readonly Compared[],
  actual: readonly Compared[],
): Agreement {
  return { reference: foundAgain(reference, actual), actual: foundAgain(actual, reference) };
}

/** Pools two comparisons. */
export function addAgreements(a: Agreement, b: Agreement): Agreement {
  return {
    reference: addMatched(a.reference, b.reference),
    actual: addMatched(a.actual, b.actual),
  };
}

/** Share of the detections that were found, 0 to 1; 1 when there was none to find. */
export function shareOf({ matched, total }: Matched): number {
  return total === 0 ? 1 : matched / total;
}

function foundAgain(wanted: readonly Compared[], others: readonly Compared[]): Matched {
  const confident = wanted.filter(({ conf }) => conf >= MUST_BE_FOUND);
  const matched = confident.filter((detection) =>
    others.some(
      (other) =>
        other.class === detection.class &&
        other.conf >= FOUND_CONF &&
        iou(other.box, detection.box) >= FOUND_IOU,
    ),
  );
  return { matched: matched.length, total: confident.length };
}

function addMatched(a: Matched, b: Matched): Matched {
  return { matched: a.matched + b.matched, total: a.total + b.total };
}
