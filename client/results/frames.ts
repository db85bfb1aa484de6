import { AppError } from '../../domain/errors.js';
import type { FrameRange } from '../../domain/video/frame-range.js';
import { findPart, findResult, readPlan } from '../../domain/job/job-store.js';
import { BUCKETS, keys } from '../../domain/names.js';
import { packEntries } from '../../domain/video/pack.js';
import type { VideoPlan } from '../../domain/video/plan.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import type { FrameRow } from '../../domain/result/result.js';
import { readResultFrames } from '../../domain/result/read-result.js';
import { isSkipped } from '../../domain/result/result.js';

/** Size of the index length (uint32) at the end of a pack. */
const LENGTH_BYTES = 4;

/** Reads the stored JPEG of a frame; undefined if the job stored none. */
export async function frameJpeg(
  objects: ObjectStore,
  eventId: string,
  frame: number,
): Promise<Buffer | undefined> {
  const single = await objects.find(BUCKETS.frames, keys.frame(eventId, frame));
  if (single) return single;
  const plan = await readPlan(objects, eventId);
  const range = plan?.parameters.frames === 'packed' ? rangeOf(plan, frame) : undefined;
  return range && fromPack(objects, keys.pack(eventId, range.index), frame);
}

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

function rangeOf({ ranges }: VideoPlan, frame: number): FrameRange | undefined {
  return ranges.find(({ from, to }) => from <= frame && frame < to);
}

async function rowOfResult(objects: ObjectStore, eventId: string, frame: number) {
  if (!(await findResult(objects, eventId))) return undefined;
  for await (const row of readResultFrames(objects, eventId)) {
    if (isSkipped(row) || row.frame > frame) return undefined;
    if (row.frame === frame) return row;
  }
  return undefined;
}

/** Reads one JPEG of a pack by three range reads. */
async function fromPack(
  objects: ObjectStore,
  key: string,
  frame: number,
): Promise<Buffer | undefined> {
  const found = await objects.stat(BUCKETS.frames, key);
  if (!found) return undefined;
  const read = (offset: number, length: number) =>
    objects.getRange(BUCKETS.frames, key, offset, length);
  const lengthAt = found.size - LENGTH_BYTES;
  const indexBytes = (await read(lengthAt, LENGTH_BYTES)).readUInt32LE();
  if (indexBytes > lengthAt) throw damagedPack(key);
  const tail = await read(lengthAt - indexBytes, indexBytes + LENGTH_BYTES);
  const entry = packEntries(tail).find(([id]) => id === frame);
  return entry && read(entry[1], entry[2]);
}

function damagedPack(key: string): AppError {
  return new AppError(
    'INCOMPLETE_RESULT',
    `Pack ${BUCKETS.frames}/${key} is damaged. Run the job again.`,
    {
      key,
    },
  );
}
