import { pino } from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import { BUCKETS, keys } from '../../domain/names.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import { createMemoryObjectStore } from '../../test/support/memory-object-store.js';
import { measureStorage } from './measure-storage.js';
import { createStorageMeter } from './storage-meter.js';

const logger = pino({ level: 'silent' });

let store: ObjectStore;
beforeEach(async () => {
  store = createMemoryObjectStore();
  for (const bucket of Object.values(BUCKETS)) await store.ensureBucket(bucket);
});

const put = (bucket: string, key: string, bytes: number) =>
  store.put(bucket, key, Buffer.alloc(bytes));

describe('measureStorage', () => {
  it('adds up what each job has stored, the largest first', async () => {
    await put(BUCKETS.results, keys.result('small'), 1);
    await put(BUCKETS.results, keys.result('large'), 2);
    await put(BUCKETS.results, keys.render('large', 'preview'), 30);
    await put(BUCKETS.results, keys.part('large', 0), 400);
    await put(BUCKETS.results, keys.plan('large'), 5000);
    await put(BUCKETS.frames, keys.frame('large', 0), 60_000);
    await put(BUCKETS.videos, keys.video('clip'), 700_000);
    await put(BUCKETS.models, keys.model('m', 1), 8);
    await put(BUCKETS.results, keys.imagePart('large', 0), 90);
    expect(await measureStorage(store, new Date(0))).toEqual({
      measured_at: '1970-01-01T00:00:00.000Z',
      ...{ jobs_bytes: 65_433, image_batches_bytes: 90, videos_bytes: 700_000, models_bytes: 8 },
      largest_jobs: [
        { event_id: 'large', bytes: 65_432 },
        { event_id: 'small', bytes: 1 },
      ],
    });
  });

  it('lists ten jobs at most', async () => {
    for (let i = 0; i < 12; i++) await put(BUCKETS.results, keys.result(`job${i}`), i + 1);
    const { largest_jobs, jobs_bytes } = await measureStorage(store, new Date(0));
    expect(largest_jobs.map(({ bytes }) => bytes)).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3]);
    expect(jobs_bytes).toBe(78);
  });
});

describe('the storage meter', () => {
  it('measures when it is read, and again only after a pause', async () => {
    let now = 0;
    const meter = createStorageMeter(store, logger, () => now);
    await put(BUCKETS.results, keys.result('a'), 1);
    expect(meter.read()).toBeUndefined();
    await expect.poll(() => meter.read()?.jobs_bytes).toBe(1);
    await put(BUCKETS.results, keys.result('b'), 1);
    now = 29_999;
    expect(meter.read()?.jobs_bytes).toBe(1);
    now = 30_000;
    await expect.poll(() => meter.read()?.jobs_bytes).toBe(2);
  });

  it('keeps the last measurement while the store is unavailable', async () => {
    let now = 0;
    let isUnavailable = false;
    const listSizes: ObjectStore['listSizes'] = (...request) => {
      if (isUnavailable) throw new Error('unavailable');
      return store.listSizes(...request);
    };
    const meter = createStorageMeter({ listSizes }, logger, () => now);
    await expect.poll(() => meter.read()?.jobs_bytes).toBe(0);
    isUnavailable = true;
    now = 60_000;
    expect(meter.read()?.jobs_bytes).toBe(0);
    await Promise.resolve();
    expect(meter.read()?.measured_at).toBe('1970-01-01T00:00:00.000Z');
  });
});
