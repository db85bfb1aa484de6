import { rangeOf } from '../../domain/job/frame-jpeg.js';
import { findPart, findResult, readPlan } from '../../domain/job/job-store.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import type { FrameRow } from '../../domain/result/result.js';
import { readResultFrames } from '../../domain/result/read-result.js';
import { isSkipped } from '../../domain/result/result.js';

/** Reads the row of a frame; undefined if it has none (yet). */
export async function frameRow(
  objects: ObjectStore,
  eventId: string,
  frame: number,
): Promise<FrameRow | undefined> {
  const plan = await readPlan(objects, eventId);
  const range = plan && rangeOf(plan, frame);
  const part = range && (await findPart(objects, eventId, range.index));
  if (part) return part.rows.find((row) => row.frame === frame);
  return rowOfResult(objects, eventId, frame);
}

async function rowOfResult(objects: ObjectStore, eventId: string, frame: number) {
  if (!(await findResult(objects, eventId))) return undefined;
  for await (const row of readResultFrames(objects, eventId)) {
    if (isSkipped(row) || row.frame > frame) return undefined;
    if (row.frame === frame) return row;
  }
  return undefined;
}
