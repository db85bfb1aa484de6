import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createMemoryKeptImages } from '../../test/support/memory-kept-images.js';
import { createMemoryObjectStore } from '../../test/support/memory-object-store.js';
import { AppError } from '../../domain/errors.js';
import { sha256 } from '../../domain/hash.js';
import { BUCKETS, keys } from '../../domain/names.js';
import { createImageKeeper, type ImageKeeperDeps } from './keep-image.js';
import type { ImageFile } from './sources.js';
import { sweepImages } from './sweep-images.js';

const DAY_MS = 86_400_000;
const DATA = Buffer.from('an image');
const HASH = sha256(DATA);
const running = new AbortController().signal;

let folder: string;
let file: ImageFile;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-keep-'));
  const path = join(folder, 'image');
  await writeFile(path, DATA);
  const facts = { md5: '', sha256: HASH, mediaType: 'image/png' } as const;
  file = { path, ...facts, displayName: 'The image', isFrame: false };
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let objects: ReturnType<typeof createMemoryObjectStore>;
let images: ReturnType<typeof createMemoryKeptImages>;
let outcomes: string[];
beforeEach(async () => {
  objects = createMemoryObjectStore();
  await objects.ensureBucket(BUCKETS.pictures);
  images = createMemoryKeptImages();
  outcomes = [];
});

const logger = pino({ enabled: false });
const keeper = (changed: Partial<ImageKeeperDeps> = {}) =>
  createImageKeeper({
    ...{ objects, images, logger, days: 30 },
    metrics: { kept: (outcome) => outcomes.push(outcome) },
    ...changed,
  });
const stored = () => objects.stat(BUCKETS.pictures, keys.image(HASH));
const later = (days: number) => new Date(Date.now() + days * DAY_MS + 1000);
const sweep = (now: Date, days = 30) => sweepImages({ objects, images, days, logger }, now);

describe('keeping images', () => {
  it('stores the file by its hash, with its type, and counts it', async () => {
    expect(await keeper()(file, running)).toBe(true);
    expect(await stored()).toMatchObject({
      size: DATA.length,
      metadata: { 'content-type': 'image/png' },
    });
    expect(outcomes).toEqual(['kept']);
  });

  it('stores nothing at 0 days', async () => {
    expect(await keeper({ days: 0 })(file, running)).toBe(false);
    expect(await stored()).toBeUndefined();
    expect(outcomes).toEqual([]);
  });

  it('does not fail if the store does, and counts it', async () => {
    const putFile = () => Promise.reject(new Error('the store is unavailable'));
    expect(await keeper({ objects: { putFile } })(file, running)).toBe(false);
    expect(outcomes).toEqual(['failed']);
  });

  it('waits a limited time for a store that does not respond', async () => {
    const putFile: ImageKeeperDeps['objects']['putFile'] = (_bucket, _key, _path, options) =>
      new Promise((_resolve, reject) => {
        options?.signal?.addEventListener('abort', () => reject(new Error('timeout')));
      });
    const keep = keeper({ objects: { putFile }, timeoutMs: 20 });
    expect(await keep(file, running)).toBe(false);
    expect(outcomes).toEqual(['failed']);
  });
});

describe('a store that is unavailable', () => {
  it('is not asked again for some seconds', async () => {
    let asked = 0;
    const putFile = () => {
      asked++;
      return Promise.reject(new AppError('SERVER_UNAVAILABLE', 'away'));
    };
    const keep = keeper({ objects: { putFile } });
    expect([await keep(file, running), await keep(file, running)]).toEqual([false, false]);
    expect(asked).toBe(1);
    expect(outcomes).toEqual(['failed', 'failed']);
  });
});

describe('sweeping images', () => {
  it('removes an image after its days, and forgets it', async () => {
    await keeper()(file, running);
    expect(await sweep(later(29))).toBe(0);
    expect(await stored()).toBeDefined();
    expect(await sweep(later(30))).toBe(1);
    expect(await stored()).toBeUndefined();
    expect(await sweep(later(30))).toBe(0);
  });

  it('removes images an hour after their last use at 0 days', async () => {
    await keeper()(file, running);
    expect(await sweep(later(0.5 / 24), 0)).toBe(0);
    expect(await sweep(later(1 / 24), 0)).toBe(1);
  });

  it('keeps pinned images', async () => {
    await keeper()(file, running);
    await images.pin(HASH);
    expect(await sweep(later(3000))).toBe(0);
    expect(await stored()).toBeDefined();
  });

  it('removes an erased image again that a prediction in progress has stored', async () => {
    await keeper()(file, running);
    await images.erase(HASH, new Date());
    expect(await keeper()(file, running)).toBe(false);
    expect(await sweep(new Date())).toBe(0);
    expect(await stored()).toBeUndefined();
  });

  it('removes an image again whose removal was interrupted', async () => {
    await keeper()(file, running);
    const failing = () => Promise.reject(new Error('the store is unavailable'));
    const interrupted = { objects: { remove: failing }, images, days: 30, logger };
    await expect(sweepImages(interrupted, later(30))).rejects.toThrow('unavailable');
    expect(await keeper()(file, running)).toBe(false);
    expect(outcomes).toEqual(['kept', 'failed']);
    expect(await sweep(later(31))).toBe(1);
    expect(await stored()).toBeUndefined();
  });
});
