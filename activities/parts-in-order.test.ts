import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { BUCKETS, keys } from '../domain/names.js';
import { encodePart } from '../domain/result/part.js';
import type { ObjectStore } from '../domain/ports/object-store.js';
import { createMemoryObjectStore } from '../test/support/memory-object-store.js';
import { planOf } from '../test/support/plans.js';
import { missingSpans, partsInOrder } from './parts-in-order.js';

describe('missingSpans', () => {
  const third = planOf([10, 20, 30, 31, 40], 3);
  it.each([
    ['no range', third, [], []],
    ['the first range', third, [0], [{ from: 0, to: 9 }]],
    ['a range that starts between two sampled frames', third, [1], [{ from: 12, to: 18 }]],
    ['neighbours, joined', third, [0, 1], [{ from: 0, to: 18 }]],
    [
      'ranges with one between them',
      third,
      [0, 2],
      [
        { from: 0, to: 9 },
        { from: 21, to: 27 },
      ],
    ],
    ['a range of one sampled frame', third, [3], [{ from: 30, to: 30 }]],
    ['all ranges', third, [0, 1, 2, 3, 4], [{ from: 0, to: 39 }]],
    ['a range without a sampled frame', planOf([6, 9, 12], 5), [1], []],
    ['neighbours of a range without one', planOf([6, 9, 12], 5), [0, 1, 2], [{ from: 0, to: 10 }]],
    [
      'every frame, with the ends of ranges as they are',
      planOf([4, 8, 9], 1),
      [0, 2],
      [
        { from: 0, to: 3 },
        { from: 8, to: 8 },
      ],
    ],
    ['a video of one frame', planOf([1], 5), [0], [{ from: 0, to: 0 }]],
  ])('of %s', (_, plan, ranges, expected) => {
    expect(missingSpans(plan, ranges)).toEqual(expected);
  });
});

describe('partsInOrder', () => {
  const RANGES = 30;
  const plan = planOf(
    Array.from({ length: RANGES }, (_, i) => i + 1),
    1,
  );
  let store: ObjectStore;
  let atOnce: number;
  beforeEach(async () => {
    let open = 0;
    atOnce = 0;
    const memory = createMemoryObjectStore();
    await memory.ensureBucket(BUCKETS.results);
    store = {
      ...memory,
      // Later ranges resolve earlier, so that the order is not accidental.
      find: async (bucket, key) => {
        atOnce = Math.max(atOnce, ++open);
        await sleep(RANGES - Number(/(\d+)\.jsonl$/.exec(key)?.[1]));
        open--;
        return memory.find(bucket, key);
      },
    };
  });

  async function putPart(range: number): Promise<void> {
    const row = { frame: range, timestamp_ms: 40 * range, objects: [] };
    const part = encodePart({ device: 'cpu', rows: [row], skipped: [], failed: [] });
    await store.put(BUCKETS.results, keys.part('e1', range), part);
  }

  it('yields parts in order, reads few ahead, and yields undefined for a missing one', async () => {
    for (const { index } of plan.ranges) if (index % 7 !== 3) await putPart(index);
    const seen: (readonly [number, number | undefined])[] = [];
    for await (const [range, part] of partsInOrder(store, plan)) {
      seen.push([range, part?.rows[0]?.frame]);
    }
    expect(seen).toEqual(plan.ranges.map(({ index: i }) => [i, i % 7 === 3 ? undefined : i]));
    expect(atOnce).toBeGreaterThan(1);
    expect(atOnce).toBeLessThanOrEqual(8);
  });

  it('yields the parts of the given ranges only', async () => {
    for (const range of [2, 5, 9]) await putPart(range);
    const seen: number[] = [];
    for await (const [range] of partsInOrder(store, plan, [2, 9])) seen.push(range);
    expect(seen).toEqual([2, 9]);
  });
});
