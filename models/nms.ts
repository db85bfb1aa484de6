import { iou, type Detection } from '../domain/detection.js';

export interface NmsOptions {
  /** Of two boxes of a class that overlap by more than this IoU the less confident one is dropped. */
  readonly iou: number;
  /** Detections that are kept at most, the most confident first. */
  readonly maxDetections: number;
  /** Classes that are kept; all when left out. */
  readonly classIds?: ReadonlySet<number>;
}

/**
 * Greedy non-maximum suppression within each class.
 * The result is in falling order of confidence; equal ones keep the order of the candidates.
 */
export function suppress(candidates: readonly Detection[], options: NmsOptions): Detection[] {
  const { classIds, maxDetections } = options;
  const wanted = classIds ? candidates.filter(({ classId }) => classIds.has(classId)) : candidates;
  const kept: Detection[] = [];
  const keptOfClass = new Map<number, Detection[]>();
  for (const candidate of wanted.toSorted((a, b) => b.confidence - a.confidence)) {
    if (kept.length >= maxDetections) break;
    const rivals = keptOfClass.get(candidate.classId) ?? [];
    if (rivals.some((rival) => iou(rival.bbox, candidate.bbox) > options.iou)) continue;
    keptOfClass.set(candidate.classId, rivals);
    rivals.push(candidate);
    kept.push(candidate);
  }
  return kept;
}
