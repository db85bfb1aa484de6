/**
 * Boxes that a decoder found, in arrays that are kept from frame to frame: nothing is allocated for
 * an anchor. Boxes are `xMin, yMin, xMax, yMax` in pixels of the network's input.
 */
export interface Candidates {
  count: number;
  boxes: Float64Array;
  confidences: Float64Array;
  classIds: Uint32Array;
  /** Which anchor of the output each one is; read of networks with masks only. */
  anchors: Uint32Array;
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
    anchors: new Uint32Array(FIRST_ROOM),
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
  anchor = 0,
): boolean {
  // Infinity and NaN survive a sum.
  if (!Number.isFinite(confidence + xMin + yMin + xMax + yMax)) return false;
  const index = candidates.count++;
  if (index === candidates.classIds.length) makeRoom(candidates);
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

function makeRoom(candidates: Candidates): void {
  const { boxes, confidences, classIds, anchors } = candidates;
  const room = 2 * classIds.length;
  candidates.boxes = new Float64Array(4 * room);
  candidates.boxes.set(boxes);
  candidates.confidences = new Float64Array(room);
  candidates.confidences.set(confidences);
  candidates.classIds = new Uint32Array(room);
  candidates.classIds.set(classIds);
  candidates.anchors = new Uint32Array(room);
  candidates.anchors.set(anchors);
  candidates.order = new Uint32Array(room);
}
