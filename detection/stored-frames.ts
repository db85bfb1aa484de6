import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pMapIterable } from 'p-map';
import type { SampledFrame } from '../domain/video/frame-range.js';
import { BUCKETS, keys } from '../domain/names.js';
import type { PackEntry } from '../domain/video/pack.js';
import { packEntries } from '../domain/video/pack.js';
import type { FrameSource } from '../domain/ports/lanes.js';
import type { ObjectStore } from '../domain/ports/object-store.js';

/** Source of a range whose frames are stored as JPEG. */
export type StoredSource = Exclude<FrameSource, { kind: 'video' }>;

/** JPEGs of a range, concatenated in one local file. */
export interface LocalFrames {
  readonly path: string;
  readonly entries: readonly PackEntry[];
}

/** Number of frame objects that are fetched concurrently. */
const CONCURRENT_GETS = 8;

/** Downloads the stored frames of a range to the folder of the attempt. */
export async function fetchFrames(
  objects: ObjectStore,
  source: StoredSource,
  signal: AbortSignal,
): Promise<LocalFrames> {
  const path = join(source.folder, 'frames.mjpeg');
  if (source.kind === 'objects') {
    const entries = await fetchObjects(objects, source.event_id, source.frames, path, signal);
    return { path, entries };
  }
  await objects.getFile(BUCKETS.frames, source.key, path, { signal });
  return { path, entries: packEntries(await readFile(path)) };
}

/** Concatenates the frame objects; only a few are in memory at a time. */
async function fetchObjects(
  objects: ObjectStore,
  eventId: string,
  frames: readonly SampledFrame[],
  path: string,
  signal: AbortSignal,
): Promise<PackEntry[]> {
  const entries: PackEntry[] = [];
  let offset = 0;
  const get = async ({ frame }: SampledFrame) => {
    const jpeg = await objects.get(BUCKETS.frames, keys.frame(eventId, frame));
    return { frame, jpeg };
  };
  const jpegs = async function* () {
    for await (const { frame, jpeg } of pMapIterable(frames, get, {
      concurrency: CONCURRENT_GETS,
    })) {
      entries.push([frame, offset, jpeg.length]);
      offset += jpeg.length;
      yield jpeg;
    }
  };
  await pipeline(Readable.from(jpegs()), createWriteStream(path), { signal });
  return entries;
}
