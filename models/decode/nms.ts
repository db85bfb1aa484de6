import type { Bbox, Detection } from '../../domain/result/detection.js';
import type { Candidates } from './candidates.js';

export interface NmsOptions {
  /** IoU above which the less confident of two boxes is dropped, 0 to 1. */
  readonly iou: number;
  /** Maximum number of detections; the most confident are kept. */
  readonly maxDetections: number;
  /** Classes to keep; default: all. */
  readonly classIds?: ReadonlySet<number>;
  /** Whether boxes of different classes suppress each other; default: false. */
  readonly agnostic?: boolean;
}

/**
 * Greedy non-maximum suppression, per class or across classes. The result is sorted by descending
 * confidence; ties keep the order of the candidates.
 */
export function nms(candidates: Candidates, options: NmsOptions): Detection[] {
  return detectionsOf(candidates, nmsIndices(candidates, options));
}

/** Indices of the candidates that {@link nms} keeps; valid until the next call. */
export function nmsIndices(candidates: Candidates, options: NmsOptions): Uint32Array {
  const { iou, maxDetections, classIds, agnostic = false } = options;
  const order = sortByConfidence(candidates);
  // Kept indices are written over the visited part of the order.
  let kept = 0;
  for (const index of order) {
    if (kept >= maxDetections) break;
    if (classIds && !classIds.has(candidates.classIds[index]!)) continue;
    if (isSuppressed(candidates, order, kept, index, iou, agnostic)) continue;
    order[kept++] = index;
  }
  return order.subarray(0, kept);
}

/**
 * The most confident candidates of a model that needs no NMS, by descending confidence. Classes are
 * filtered after the limit of the model's own post-processing (`atMost`), as the model's code does.
 */
export function topK(candidates: Candidates, options: Omit<NmsOptions, 'iou'>): Detection[] {
  return detectionsOf(candidates, topKIndices(candidates, options));
}

/** Indices of the candidates that {@link topK} keeps; valid until the next call. */
export function topKIndices(
  candidates: Candidates,
  { maxDetections, classIds }: Omit<NmsOptions, 'iou'>,
): Uint32Array {
  const order = sortByConfidence(candidates);
  let kept = 0;
  for (const index of order.subarray(0, candidates.atMost)) {
    if (kept >= maxDetections) break;
    if (classIds && !classIds.has(candidates.classIds[index]!)) continue;
    order[kept++] = index;
  }
  return order.subarray(0, kept);
}

/** Candidates as detections, with boxes in pixels of the model's input. */
export function detectionsOf(candidates: Candidates, indices: Uint32Array): Detection[] {
  return Array.from(indices, (index) => detectionOf(candidates, index));
}

function sortByConfidence({ order, count, confidences }: Candidates): Uint32Array {
  const all = order.subarray(0, count);
  for (let index = 0; index < count; index++) all[index] = index;
  return all.sort((a, b) => confidences[b]! - confidences[a]! || a - b);
}

function isSuppressed(
  { classIds, boxes }: Candidates,
  order: Uint32Array,
  kept: number,
  index: number,
  iou: number,
  agnostic: boolean,
): boolean {
  for (let at = 0; at < kept; at++) {
    const keptIndex = order[at]!;
    if (!agnostic && classIds[keptIndex] !== classIds[index]) continue;
    if (iouOf(boxes, keptIndex, index) > iou) return true;
  }
  return false;
}

/** Intersection over union of two boxes in a flat array, as the domain's `iou` without allocation. */
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

/** A candidate as a detection, with its box in pixels of the model's input. */
export function detectionOf(
  { boxes, classIds, confidences }: Candidates,
  index: number,
): Detection {
  const at = 4 * index;
  const bbox: Bbox = [boxes[at]!, boxes[at + 1]!, boxes[at + 2]!, boxes[at + 3]!];
  return { classId: classIds[index]!, confidence: confidences[index]!, bbox };
}
