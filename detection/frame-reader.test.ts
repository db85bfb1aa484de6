import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BUCKETS, keys } from '../domain/names.js';
import type { SkippedFrame } from '../domain/result/result.js';
import { createFakeVideoTools } from '../test/support/fake-video-tools.js';
import { laneJob } from '../test/support/lane-jobs.js';
import { createMemoryObjectStore } from '../test/support/memory-object-store.js';
import { readFrames } from './frame-reader.js';

const EVENT = 'street-1';
const FRAMES = [0, 5, 10];
const DAMAGED = keys.frame(EVENT, 5);
const CONTENT = { width: 4, height: 4 };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-frame-reader-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Reads three stored frames from a store that returns zeros for one of them, so many times. */
async function readWithZeros(times: number) {
  const objects = createMemoryObjectStore();
  await objects.ensureBucket(BUCKETS.frames);
  for (const frame of FRAMES) {
    const jpeg = Buffer.from([0xff, 0xd8, frame, 0xff, 0xd9]);
    await objects.put(BUCKETS.frames, keys.frame(EVENT, frame), jpeg);
  }
  let left = times;
  const get: typeof objects.get = async (bucket, key) => {
    const data = await objects.get(bucket, key);
    return key === DAMAGED && left-- > 0 ? Buffer.alloc(data.length) : data;
  };
  const frames = FRAMES.map((frame) => ({ frame, pts: frame }));
  const source = { kind: 'objects', event_id: EVENT, folder, frames, skipped: [] } as const;
  const skipped: SkippedFrame[] = [];
  const readJpeg = (jpeg: Buffer) =>
    jpeg[0] === 0xff ? Promise.resolve(jpeg) : Promise.reject(new Error('not a JPEG'));
  const deps = { objects: { ...objects, get }, tools: createFakeVideoTools(), readJpeg };
  const { signal } = new AbortController();
  const read: number[] = [];
  for await (const { frame } of readFrames(deps, laneJob({ source }), CONTENT, skipped, signal)) {
    read.push(frame.frame);
  }
  return { read, skipped };
}

describe('readFrames', () => {
  it('reads stored frames again if one does not decode', async () => {
    expect(await readWithZeros(0)).toEqual({ read: FRAMES, skipped: [] });
    expect(await readWithZeros(1)).toEqual({ read: FRAMES, skipped: [] });
  });

  it('skips a stored frame that is damaged both times, and reads the others', async () => {
    const reason = 'stored frame is damaged: not a JPEG';
    expect(await readWithZeros(2)).toEqual({
      read: [0, 10],
      skipped: [{ frame: 5, reason }],
    });
  });
});
