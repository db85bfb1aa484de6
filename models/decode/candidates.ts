/**
 * Boxes that a decoder found, as parallel arrays that are reused for every frame, so that nothing is
 * allocated per anchor.
 */
export interface Candidates {
  count: number;
  /** `xMin, yMin, xMax, yMax` of each candidate in pixels of the model's input. */
  boxes: Float64Array;
  confidences: Float64Array;
  classIds: Uint32Array;
  /** Index of each candidate's anchor in the output; used by models with masks. */
  anchors: Uint32Array;
  /** Maximum number of candidates that the model's own post-processing keeps. */
  atMost: number;
  /** Scratch space for the indices in sorted order. */
  order: Uint32Array;
}

const INITIAL_CAPACITY = 512;

export function createCandidates(): Candidates {
  return {
    count: 0,
    atMost: Infinity,
    boxes: new Float64Array(4 * INITIAL_CAPACITY),
    confidences: new Float64Array(INITIAL_CAPACITY),
    classIds: new Uint32Array(INITIAL_CAPACITY),
    anchors: new Uint32Array(INITIAL_CAPACITY),
    order: new Uint32Array(INITIAL_CAPACITY),
  };
}

/** Adds a box. Returns false, and adds nothing, if one of its numbers is not finite. */
export function addCandidate(
  candidates: Candidates,
  classId: number,
  confidence: number,
  xMin: number,
  yMin: number,
  xMax: number,
  yMax: number,
  anchor = 0,
): boolean {
  // A sum with NaN or infinity in it is not finite.
  if (!Number.isFinite(confidence + xMin + yMin + xMax + yMax)) return false;
  const index = candidates.count++;
  if (index === candidates.classIds.length) grow(candidates);
  candidates.classIds[index] = classId;
  candidates.anchors[index] = anchor;
  candidates.confidences[index] = confidence;
  const { boxes } = candidates;
  boxes[4 * index] = xMin;
  boxes[4 * index + 1] = yMin;
  boxes[4 * index + 2] = xMax;
  boxes[4 * index + 3] = yMax;
  return true;
}

function grow(candidates: Candidates): void {
  const { boxes, confidences, classIds, anchors } = candidates;
  const capacity = 2 * classIds.length;
  candidates.boxes = new Float64Array(4 * capacity);
  candidates.boxes.set(boxes);
  candidates.confidences = new Float64Array(capacity);
  candidates.confidences.set(confidences);
  candidates.classIds = new Uint32Array(capacity);
  candidates.classIds.set(classIds);
  candidates.anchors = new Uint32Array(capacity);
  candidates.anchors.set(anchors);
  candidates.order = new Uint32Array(capacity);
}
