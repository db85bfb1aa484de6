import type { Parameters } from '../job/job-input.js';
import { iou as iouOf, type StoredObject } from '../result/detection.js';
import type { Part } from '../result/part.js';

/** Parameters that a derived job may narrow. */
export type Narrowed = Pick<Parameters, 'conf' | 'iou' | 'max_det' | 'classes'>;

/**
 * Returns the part that detection with narrower parameters gives, from the part of a job: objects of
 * lower confidence or other classes are dropped, then those that overlap a more confident one of
 * their class (greedy non-maximum suppression on the stored boxes, which are whole pixels), then the
 * least confident above the limit.
 */
export function derivePart(part: Part, narrowed: Narrowed): Part {
  const rows = part.rows.map((row) => ({ ...row, objects: narrow(row.objects, narrowed) }));
  return { ...part, rows };
}

function narrow(
  objects: readonly StoredObject[],
  { conf, iou, max_det, classes }: Narrowed,
): StoredObject[] {
  const kept: StoredObject[] = [];
  for (const object of objects.toSorted((a, b) => b.conf - a.conf)) {
    if (kept.length >= max_det || object.conf < conf) break;
    if (classes && !classes.includes(object.class)) continue;
    const overlaps = (other: StoredObject) =>
      other.class === object.class && iouOf(other.box, object.box) > iou;
    if (!kept.some(overlaps)) kept.push(object);
  }
  return kept;
}
