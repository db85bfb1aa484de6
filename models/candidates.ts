/**
 * Boxes that a decoder found, in arrays that are kept from frame to frame: nothing is allocated for
 * an anchor. Boxes are `xMin, yMin, xMax, yMax` in pixels of the network's input.
 */
export interface Candidates {
  count: number;
  boxes: Float64Array;
  confidences: Float64Array;
  classIds: Uint32Array;
  /** The network's own post-processing keeps so many of them at most. */
  atMost: number;
  /** Room for the order in which they are looked at. */
  order: Uint32Array;
}

const FIRST_ROOM = 512;

export function createCandidates(): Candidates {
  return {
    count: 0,
    atMost: Infinity,
    boxes: new Float64Array(4 * FIRST_ROOM),
    confidences: new Float64Array(FIRST_ROOM),
    classIds: new Uint32Array(FIRST_ROOM),
    order: new Uint32Array(FIRST_ROOM),
  };
}

/** Adds a box; false, and nothing added, when one of its numbers is not finite. */
export function addCandidate(
  candidates: Candidates,
  classId: number,
  confidence: number,
  xMin: number,
  yMin: number,
  xMax: number,
  yMax: number,
): boolean {
  // Infinity and NaN survive a sum.
  if (!Number.isFinite(confidence + xMin + yMin + xMax + yMax)) return false;
  const index = candidates.count++;
  if (index === candidates.classIds.length) makeRoom(candidates);
  candidates.classIds[index] = classId;
  candidates.confidences[index] = confidence;
  const { boxes } = candidates;
  boxes[4 * index] = xMin;
  boxes[4 * index + 1] = yMin;
  boxes[4 * index + 2] = xMax;
  boxes[4 * index + 3] = yMax;
  return true;
}

function makeRoom(candidates: Candidates): void {
  const { boxes, confidences, classIds } = candidates;
  const room = 2 * classIds.length;
  candidates.boxes = new Float64Array(4 * room);
  candidates.boxes.set(boxes);
  candidates.confidences = new Float64Array(room);
  candidates.confidences.set(confidences);
  candidates.classIds = new Uint32Array(room);
  candidates.classIds.set(classIds);
  candidates.order = new Uint32Array(room);
}
