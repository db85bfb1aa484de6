import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SampledFrame } from '../domain/video/frame-range.js';
import { BUCKETS, keys } from '../domain/names.js';
import type { ObjectStore } from '../domain/ports/object-store.js';
import type { SkippedFrame } from '../domain/result/result.js';
import type { RangeInput } from '../domain/job/activity-contracts.js';

/** File of the raw frames of a range, concatenated. */
export const RAW_FRAMES = 'frames.yuv';
const RAW_INDEX = 'index.json';

/** Frames of a range that were decoded, in order, and those that could not be. */
export interface RangeIndex {
  readonly frames: readonly SampledFrame[];
  readonly skipped: readonly SkippedFrame[];
}

/** Writes the index beside the frames on this host. */
export async function writeRawIndex(
  folder: string,
  { frames, skipped }: RangeIndex,
): Promise<void> {
  await writeFile(join(folder, RAW_INDEX), JSON.stringify({ frames, skipped }));
}

/** Reads what {@link writeRawIndex} wrote. */
export async function readRawIndex(folder: string): Promise<RangeIndex> {
  return JSON.parse(await readFile(join(folder, RAW_INDEX), 'utf8')) as RangeIndex;
}

/** Stores the index; from then on the frames of the range count as stored. */
export async function putRangeIndex(
  objects: ObjectStore,
  { event_id, range }: RangeInput,
  { frames, skipped }: RangeIndex,
): Promise<void> {
  const text = JSON.stringify({ frames, skipped });
  await objects.put(BUCKETS.frames, keys.frameIndex(event_id, range), text);
}

/** Reads what {@link putRangeIndex} wrote. */
export async function getRangeIndex(
  objects: ObjectStore,
  { event_id, range }: RangeInput,
): Promise<RangeIndex> {
  const data = await objects.get(BUCKETS.frames, keys.frameIndex(event_id, range));
  return JSON.parse(data.toString('utf8')) as RangeIndex;
}
