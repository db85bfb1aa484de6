import { beforeEach, describe, expect, it } from 'vitest';
import { BUCKETS, keys } from '../names.js';
import type { ObjectStore } from '../ports/object-store.js';
import { createMemoryObjectStore } from '../../test/support/memory-object-store.js';
import { makeResult, writeOwnLayout } from '../../test/support/results.js';
import { framesByTime } from './frames-by-time.js';

const EVENT = 'e1';
/** Times of frames 0 to 9: 40 ms apart, from the start of the container at half a second. */
const PTS = Array.from({ length: 10 }, (_, i) => 500 + 40 * i);

let objects: ObjectStore;
beforeEach(async () => {
  objects = createMemoryObjectStore();
  await objects.ensureBucket(BUCKETS.results);
});

async function putResult(rows: readonly number[], skips: readonly number[]): Promise<void> {
  const frames = rows.map((frame) => ({ frame, timestamp_ms: 40 * frame, objects: [] }));
  const skipped = skips.map((frame) => ({ frame, reason: `damaged ${frame}` }));
  const text = writeOwnLayout(makeResult(frames, skipped));
  await objects.put(BUCKETS.results, keys.result(EVENT), text);
}

async function putTable(pts: readonly number[]): Promise<void> {
  const table = Buffer.alloc(8 * pts.length);
  pts.forEach((each, i) => table.writeBigInt64LE(BigInt(each), 8 * i));
  await objects.put(BUCKETS.results, keys.frameTable(EVENT), table);
}

async function framesAndTimes(): Promise<[number, number][]> {
  const found: [number, number][] = [];
  for await (const { frame, timestamp_ms } of framesByTime(objects, EVENT)) {
    found.push([frame, timestamp_ms]);
  }
  return found;
}

describe('framesByTime', () => {
  it.each<[string, number[], number[]]>([
    ['skipped ones in the middle', [0, 1, 4, 5], [2, 3]],
    ['skipped ones at both ends', [2, 3], [0, 1, 4, 5]],
    ['skipped ones only', [], [0, 5, 9]],
    ['none skipped', [0, 5], []],
  ])('gives all frames in order with their times: %s', async (_, rows, skips) => {
    await putResult(rows, skips);
    await putTable(PTS);
    const all = [...rows, ...skips].sort((a, b) => a - b);
    expect(await framesAndTimes()).toEqual(all.map((frame) => [frame, 40 * frame]));
  });

  it('gives one that the table does not hold the time of the row before it', async () => {
    await putResult([1, 4], [0, 2, 5]);
    expect(await framesAndTimes()).toEqual([
      [0, 0],
      [1, 40],
      [2, 40],
      [4, 160],
      [5, 160],
    ]);
  });

  it('says which job has no result', async () => {
    await expect(framesAndTimes()).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' });
  });
});
