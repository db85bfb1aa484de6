import { iou, type StoredObject } from '../domain/result/detection.js';
import type { FrameRow } from '../domain/result/result.js';

/** Minimum IoU of two boxes of the same object, and of an object that has not moved. */
const SAME_OBJECT_IOU = 0.5;
const UNMOVED_IOU = 0.9;

/** Differences of two results, in numbers of objects. */
export interface RowChanges {
  /** Objects of the first result. */
  readonly objects: number;
  /** Objects of the first result that are missing in the second. */
  readonly lost: number;
  /** Objects that only the second result has. */
  readonly added: number;
  /** Objects of both results whose boxes have an IoU below 0.9. */
  readonly moved: number;
  /** Objects of the first result without a box of exactly the same pixels in the second. */
  readonly changed: number;
}

/** Compares two results of the same frames, frame by frame. */
export function compareRows(before: readonly FrameRow[], after: readonly FrameRow[]): RowChanges {
  const others = new Map(after.map(({ frame, objects }) => [frame, objects]));
  const counts = { objects: 0, lost: 0, added: 0, moved: 0, changed: 0 };
  for (const { frame, objects } of before) {
    const found = others.get(frame) ?? [];
    const overlaps = objects.map((object) => bestOverlap(object, found));
    counts.objects += objects.length;
    counts.lost += overlaps.filter((overlap) => overlap < SAME_OBJECT_IOU).length;
    counts.changed += overlaps.filter((overlap) => overlap < 1).length;
    counts.moved += overlaps.filter(
      (overlap) => overlap >= SAME_OBJECT_IOU && overlap < UNMOVED_IOU,
    ).length;
    counts.added += found.filter((object) => bestOverlap(object, objects) < SAME_OBJECT_IOU).length;
  }
  return counts;
}

function bestOverlap(object: StoredObject, others: readonly StoredObject[]): number {
  const same = others.filter((other) => other.class === object.class);
  return Math.max(0, ...same.map((other) => iou(object.box, other.box)));
}
