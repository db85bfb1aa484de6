import { beforeEach, expect, it } from 'vitest';
import { BUCKETS, keys, reelOfKey } from '../domain/names.js';
import type { ObjectStore } from '../domain/ports/object-store.js';
import { createMemoryObjectStore } from '../test/support/memory-object-store.js';
import { listReels, markReel, removeIfUnused, removeReel } from './reel-store.js';

const REEL = { a: 'a', b: 'b', conf_a: 0.25, conf_b: 1e-7 };
const WITH_ITSELF = { a: 'a', b: 'a', conf_a: 0, conf_b: 1 };

let objects: ObjectStore;
beforeEach(async () => {
  objects = createMemoryObjectStore();
  await objects.ensureBucket(BUCKETS.results);
});

const put = (key: string) => objects.put(BUCKETS.results, key, 'x');
const stored = () => Array.fromAsync(objects.list(BUCKETS.results, ''));

it.each([REEL, WITH_ITSELF])('lists the reel %j at both of its jobs, once', async (reel) => {
  await markReel(objects, reel);
  expect(await listReels(objects, reel.a)).toEqual([reel]);
  await put(keys.reel(reel));
  for (const id of [reel.a, reel.b]) expect(await listReels(objects, id)).toEqual([reel]);
  expect(await listReels(objects, 'c')).toEqual([]);
});

it('removes a reel with its marks, and what exists of them', async () => {
  await put(keys.reel(REEL));
  await markReel(objects, REEL);
  expect(await removeReel(objects, REEL)).toBe(3);
  expect(await stored()).toEqual([]);
  expect(await removeReel(objects, REEL)).toBe(0);
});

it('removes a reel only if a job has no result', async () => {
  await put(keys.reel(REEL));
  await put(keys.result('a'));
  await put(keys.result('b'));
  expect(await removeIfUnused(objects, REEL)).toBeUndefined();
  expect(await stored()).toContain(keys.reel(REEL));
  await objects.remove(BUCKETS.results, keys.result('b'));
  expect(await removeIfUnused(objects, REEL)).toBe('b');
  expect(await stored()).toEqual([keys.result('a')]);
});

it.each(['results/a.reel/a.b/0.5', 'results/a.reel/a/0_1.mp4', 'results/a.reel/a.b/7_x.mp4'])(
  'finds no reel in the key %s',
  (key) => expect(reelOfKey(key)).toBeUndefined(),
);
