import { iou, type StoredObject } from '../domain/result/detection.js';
import type { FrameRow } from '../domain/result/result.js';

/** IoU from which two boxes of a class are the same object, and from which it has not moved. */
const SAME_OBJECT_IOU = 0.5;
const SAME_PLACE_IOU = 0.9;

/** How the objects of one result differ from those of another: counts of objects. */
export interface RowChanges {
  /** Objects of the first result. */
  readonly objects: number;
  /** Those of them that the second does not have. */
  readonly lost: number;
  /** Objects that only the second has. */
  readonly added: number;
  /** Objects that both have, with boxes that overlap by less than 0.9. */
  readonly moved: number;
  /** Objects of the first for which the second has no box of the very same pixels. */
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
      (overlap) => overlap >= SAME_OBJECT_IOU && overlap < SAME_PLACE_IOU,
    ).length;
    counts.added += found.filter((object) => bestOverlap(object, objects) < SAME_OBJECT_IOU).length;
  }
  return counts;
}

function bestOverlap(object: StoredObject, others: readonly StoredObject[]): number {
  const same = others.filter((other) => other.class === object.class);
  return Math.max(0, ...same.map((other) => iou(object.box, other.box)));
}
