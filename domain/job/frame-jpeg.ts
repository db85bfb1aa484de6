import { AppError } from '../errors.js';
import { BUCKETS, keys } from '../names.js';
import type { ObjectStore } from '../ports/object-store.js';
import type { FrameRange } from '../video/frame-range.js';
import { packEntries } from '../video/pack.js';
import type { VideoPlan } from '../video/plan.js';
import { readPlan } from './job-store.js';

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

/** Finds the range of a frame. */
export function rangeOf({ ranges }: VideoPlan, frame: number): FrameRange | undefined {
  return ranges.find(({ from, to }) => from <= frame && frame < to);
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
