import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { log } from '@temporalio/activity';
import pMap from 'p-map';
import { BUCKETS, keys } from '../domain/names.js';
import { type PackEntry, packFrames } from '../domain/video/pack.js';
import type { ObjectStore } from '../domain/ports/object-store.js';
import type { Scratch } from '../domain/ports/scratch.js';
import type { RangeInput } from '../domain/job/activity-contracts.js';
import { type Beat, withHeartbeat } from './heartbeat.js';
import type { PlanReader } from './plan-reader.js';
import { JPEG_FOLDER, JPEG_FRAMES, putRangeIndex, readJpegIndex } from './range-index.js';

export interface StoreFramesDeps {
  readonly objects: ObjectStore;
  readonly plans: PlanReader;
  readonly scratch: Scratch;
}

/** Number of concurrent writes; more are not faster if the store is on the same machine. */
const CONCURRENT_PUTS = 16;
const JPEG = { contentType: 'image/jpeg' };

/** Writes the JPEG frames of one range to the object store, one object each or all in a pack. */
export async function storeFrames(
  { objects, plans, scratch }: StoreFramesDeps,
  input: RangeInput,
): Promise<{ frames: number; bytes: number }> {
  const { plan } = await plans.range(input.plan_key, input.range);
  const files = { eventId: input.event_id, range: input.range };
  const folder = await scratch.find(files, JPEG_FOLDER);
  const index = await readJpegIndex(folder);
  const path = join(folder, JPEG_FRAMES);
  const store = plan.parameters.frames === 'packed' ? storePack : storeObjects;
  const bytes = await withHeartbeat((beat) => store(objects, input, path, index.entries, beat));
  await putRangeIndex(objects, input, index);
  await scratch.dropRange(files);
  const frames = index.frames.length;
  log.info('range stored', { event: input.event_id, range: input.range, frames, bytes });
  return { frames, bytes };
}

type Store = (
  objects: ObjectStore,
  input: RangeInput,
  path: string,
  entries: readonly PackEntry[],
  beat: Beat,
) => Promise<number>;

const storeObjects: Store = async (objects, { event_id }, path, entries, { signal, report }) => {
  const file = await open(path);
  let stored = 0;
  const put = async ([frame, offset, length]: PackEntry) => {
    const data = Buffer.alloc(length);
    await file.read(data, 0, length, offset);
    signal.throwIfAborted();
    await objects.put(BUCKETS.frames, keys.frame(event_id, frame), data, JPEG);
    report({ frames: ++stored });
    return length;
  };
  try {
    const sizes = await pMap(entries, put, { concurrency: CONCURRENT_PUTS });
    return sizes.reduce((sum, size) => sum + size, 0);
  } finally {
    await file.close();
  }
};

const storePack: Store = async (objects, { event_id, range }, path, entries, { signal }) => {
  const pack = packFrames(await readFile(path), entries);
  signal.throwIfAborted();
  await objects.put(BUCKETS.frames, keys.pack(event_id, range), pack);
  return pack.length;
};
