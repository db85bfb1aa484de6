import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SampledFrame } from '../domain/video/frame-range.js';
import { BUCKETS, keys } from '../domain/names.js';
import type { PackEntry } from '../domain/video/pack.js';
import type { ObjectStore } from '../domain/ports/object-store.js';
import type { SkippedFrame } from '../domain/result/result.js';
import type { RangeInput } from '../domain/job/activity-contracts.js';

/** File of the raw frames of a range, concatenated. */
export const RAW_FRAMES = 'frames.yuv';
/** File of the JPEG frames of a range, one after another. */
export const JPEG_FRAMES = 'frames.mjpeg';
/** Name of the folder in scratch with the JPEG frames of a range. */
export const JPEG_FOLDER = 'jpegs';
const INDEX = 'index.json';

/** Frames of a range that were decoded, in order, and those that could not be. */
export interface RangeIndex {
  readonly frames: readonly SampledFrame[];
  readonly skipped: readonly SkippedFrame[];
}

/** A range's index with the position of each frame in {@link JPEG_FRAMES}. */
export interface JpegIndex extends RangeIndex {
  readonly entries: readonly PackEntry[];
}

/** Writes the index beside the raw or JPEG frames on this host. */
export async function writeIndex(folder: string, index: RangeIndex | JpegIndex): Promise<void> {
  await writeFile(join(folder, INDEX), JSON.stringify(index));
}

/** Reads the index beside the raw frames. */
export async function readRawIndex(folder: string): Promise<RangeIndex> {
  return (await readIndex(folder)) as RangeIndex;
}

/** Reads the index beside the JPEG frames. */
export async function readJpegIndex(folder: string): Promise<JpegIndex> {
  return (await readIndex(folder)) as JpegIndex;
}

async function readIndex(folder: string): Promise<unknown> {
  return JSON.parse(await readFile(join(folder, INDEX), 'utf8'));
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
