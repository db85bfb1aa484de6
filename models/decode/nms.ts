import type { Bbox, Detection } from '../../domain/result/detection.js';
import type { Candidates } from './candidates.js';

export interface NmsOptions {
  /** Of two boxes of a class that overlap by more than this IoU the less confident one is dropped. */
  readonly iou: number;
  /** Detections that are kept at most, the most confident first. */
  readonly maxDetections: number;
  /** Classes that are kept; all when left out. */
  readonly classIds?: ReadonlySet<number>;
  /** Whether overlapping boxes of two classes are rivals as well. */
  readonly agnostic?: boolean;
}

/**
 * Greedy non-maximum suppression within each class, or across all classes.
 * The result is in falling order of confidence; equal ones keep the order of the candidates.
 */
export function nms(candidates: Candidates, options: NmsOptions): Detection[] {
  return detectionsOf(candidates, nmsIndices(candidates, options));
}

/** What {@link nms} keeps, by the indices of the candidates; valid until the next call. */
export function nmsIndices(candidates: Candidates, options: NmsOptions): Uint32Array {
  const { iou, maxDetections, classIds, agnostic = false } = options;
  const order = byConfidence(candidates);
  // What is kept moves to the front of the order, over what has been looked at.
  let kept = 0;
  for (const index of order) {
    if (kept >= maxDetections) break;
    if (classIds && !classIds.has(candidates.classIds[index]!)) continue;
    if (hasRival(candidates, order, kept, index, iou, agnostic)) continue;
    order[kept++] = index;
  }
  return order.subarray(0, kept);
}

/**
 * The most confident of candidates that the network has suppressed itself, in falling order.
 * Classes are chosen among the best that the network's own post-processing would have kept.
 */
export function topK(candidates: Candidates, options: Omit<NmsOptions, 'iou'>): Detection[] {
  return detectionsOf(candidates, topKIndices(candidates, options));
}

/** What {@link topK} keeps, by the indices of the candidates; valid until the next call. */
export function topKIndices(
  candidates: Candidates,
  { maxDetections, classIds }: Omit<NmsOptions, 'iou'>,
): Uint32Array {
  const order = byConfidence(candidates);
  let kept = 0;
  for (const index of order.subarray(0, candidates.atMost)) {
    if (kept >= maxDetections) break;
    if (classIds && !classIds.has(candidates.classIds[index]!)) continue;
    order[kept++] = index;
  }
  return order.subarray(0, kept);
}

/** Candidates as detections; their boxes are in pixels of the network's input. */
export function detectionsOf(candidates: Candidates, indices: Uint32Array): Detection[] {
  return Array.from(indices, (index) => detectionOf(candidates, index));
}

function byConfidence({ order, count, confidences }: Candidates): Uint32Array {
  const all = order.subarray(0, count);
  for (let index = 0; index < count; index++) all[index] = index;
  return all.sort((a, b) => confidences[b]! - confidences[a]! || a - b);
}

function hasRival(
  { classIds, boxes }: Candidates,
  order: Uint32Array,
  kept: number,
  index: number,
  iou: number,
  agnostic: boolean,
): boolean {
  for (let at = 0; at < kept; at++) {
    const rival = order[at]!;
    if (!agnostic && classIds[rival] !== classIds[index]) continue;
    if (iouOf(boxes, rival, index) > iou) return true;
  }
  return false;
}

/** Intersection over union of two boxes, as the domain has it, without arrays of their own. */
function iouOf(boxes: Float64Array, first: number, second: number): number {
  const a = 4 * first;
  const b = 4 * second;
  const left = Math.max(boxes[a]!, boxes[b]!);
  const top = Math.max(boxes[a + 1]!, boxes[b + 1]!);
  const right = Math.min(boxes[a + 2]!, boxes[b + 2]!);
  const bottom = Math.min(boxes[a + 3]!, boxes[b + 3]!);
  if (right <= left || bottom <= top) return 0;
  const shared = (right - left) * (bottom - top);
  return shared / (areaOf(boxes, a) + areaOf(boxes, b) - shared);
}

function areaOf(boxes: Float64Array, at: number): number {
  return (boxes[at + 2]! - boxes[at]!) * (boxes[at + 3]! - boxes[at + 1]!);
}

/** A candidate as a detection; its box is in pixels of the network's input. */
export function detectionOf(
  { boxes, classIds, confidences }: Candidates,
  index: number,
): Detection {
  const at = 4 * index;
  const bbox: Bbox = [boxes[at]!, boxes[at + 1]!, boxes[at + 2]!, boxes[at + 3]!];
  return { classId: classIds[index]!, confidence: confidences[index]!, bbox };
}
