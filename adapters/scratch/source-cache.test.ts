import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BUCKETS, keys } from '../../domain/names.js';
import type { VideoSource } from '../../domain/video/plan.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import { createMemoryObjectStore } from '../../test/support/memory-object-store.js';
import { createSourceCache } from './source-cache.js';

const { signal } = new AbortController();

let root: string;
let store: ObjectStore;
/** Keys of the objects that were downloaded, in order. */
let downloads: string[];
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'vidette-sources-'));
  downloads = [];
  const memory = createMemoryObjectStore();
  await memory.ensureBucket(BUCKETS.videos);
  store = {
    ...memory,
    getFile: async (bucket, key, path) => {
      downloads.push(key);
      await sleep(20);
      await memory.getFile(bucket, key, path);
    },
  };
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** Stores a video and resolves with what a plan says of it. */
async function video(id: string, text = id): Promise<VideoSource> {
  const [bucket, key] = [BUCKETS.videos, keys.video(id)];
  await store.put(bucket, key, text);
  return { bucket, key, etag: (await store.stat(bucket, key))!.etag };
}

async function attempt(name: string): Promise<string> {
  const folder = join(root, 'attempts', name);
  await mkdir(folder, { recursive: true });
  return folder;
}

const folder = () => join(root, 'sources');
const cacheOf = (maxBytes = 1000) => createSourceCache(store, folder(), maxBytes);
/** Everything in the cache but locks, which are folders. */
async function copies(): Promise<string[]> {
  const entries = await readdir(folder(), { withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}

describe('the copies of sources on a host', () => {
  it('are downloaded once for many users at once, of several processes', async () => {
    const source = await video('cars');
    const caches = [cacheOf(), cacheOf()];
    const users = Array.from({ length: 12 }, async (_, i) =>
      caches[i % 2]!.link(source, await attempt(`user-${i}`), signal),
    );
    const paths = await Promise.all(users);
    expect(new Set(paths).size).toBe(12);
    for (const path of paths) expect(await readFile(path, 'utf8')).toBe('cars');
    expect(downloads).toEqual(['input/cars.mp4']);
  });

  it('are linked a second time into the same attempt', async () => {
    const source = await video('cars');
    const into = await attempt('same');
    const first = await cacheOf().link(source, into, signal);
    expect(await cacheOf().link(source, into, signal)).toBe(first);
    expect(downloads).toHaveLength(1);
  });

  it('give way by the time of their last use, while a user keeps what it has', async () => {
    const cache = cacheOf(10);
    const [old, used, fresh] = [await video('oldv'), await video('used'), await video('next')];
    const oldPath = await cache.link(old, await attempt('a'), signal);
    await sleep(20);
    await cache.link(used, await attempt('b'), signal);
    await sleep(20);
    await cache.link(old, await attempt('c'), signal);
    await sleep(20);
    await cache.link(fresh, await attempt('d'), signal);
    expect(await copies()).toHaveLength(2);
    // The second was used longest ago: of the three, only it has to be fetched again.
    await cache.link(old, await attempt('e'), signal);
    await cache.link(fresh, await attempt('f'), signal);
    expect(downloads).toHaveLength(3);
    const path = await cache.link(used, await attempt('g'), signal);
    expect(downloads).toHaveLength(4);
    expect(await readFile(path, 'utf8')).toBe('used');
    expect(await readFile(oldPath, 'utf8')).toBe('oldv');
  });

  it('are readable by their user after they were removed', async () => {
    const cache = cacheOf(5);
    const path = await cache.link(await video('gone'), await attempt('a'), signal);
    await cache.link(await video('next'), await attempt('b'), signal);
    expect(await copies()).toHaveLength(1);
    expect(await readFile(path, 'utf8')).toBe('gone');
  });

  it('may be larger than the room, if it is the newest one', async () => {
    const path = await cacheOf(1).link(await video('large'), await attempt('a'), signal);
    expect(await readFile(path, 'utf8')).toBe('large');
    expect(await copies()).toHaveLength(1);
  });
});

describe('dropStale', () => {
  it('removes the copies of videos that were deleted or replaced', async () => {
    const cache = cacheOf();
    const [kept, deleted] = [await video('kept'), await video('deleted')];
    const [replaced, into] = [await video('replaced'), await attempt('a')];
    await cache.link(kept, await attempt('b'), signal);
    await cache.link(replaced, await attempt('c'), signal);
    const path = await cache.link(deleted, into, signal);
    expect(await cache.dropStale()).toBe(0);
    await store.remove(BUCKETS.videos, keys.video('deleted'));
    await video('replaced', 'another content');
    expect(await cache.dropStale()).toBe(2);
    expect(await copies()).toHaveLength(1);
    expect(await readdir(join(folder(), 'of'))).toEqual(await copies());
    expect(await readFile(path, 'utf8')).toBe('deleted');
    await cache.link(kept, await attempt('d'), signal);
    expect(downloads).toHaveLength(3);
  });

  it('removes a copy whose source is unknown', async () => {
    await cacheOf().link(await video('cars'), await attempt('a'), signal);
    await rm(join(folder(), 'of'), { recursive: true });
    expect(await cacheOf().dropStale()).toBe(1);
    expect(await copies()).toEqual([]);
  });

  it('does nothing on a host without copies', async () => {
    expect(await cacheOf().dropStale()).toBe(0);
  });
});

describe('an unavailable source', () => {
  it('is VIDEO_CHANGED if its object was replaced', async () => {
    const source = await video('cars', 'before');
    await video('cars', 'after');
    const linked = cacheOf().link(source, await attempt('a'), signal);
    await expect(linked).rejects.toMatchObject({ code: 'VIDEO_CHANGED', retryable: false });
    expect(downloads).toEqual([]);
  });

  it('is reported as missing if its object is gone', async () => {
    const source = { ...(await video('cars')), key: keys.video('other') };
    const linked = cacheOf().link(source, await attempt('a'), signal);
    await expect(linked).rejects.toMatchObject({ code: 'VIDEO_NOT_FOUND' });
  });

  it('leaves nothing of a download that broke, and can be had later', async () => {
    const source = await video('cars');
    const broken = {
      ...store,
      getFile: async (_bucket: string, _key: string, path: string) => {
        await writeFile(path, 'ca');
        throw new Error('connection reset');
      },
    };
    const cache = createSourceCache(broken, folder(), 1000);
    const into = await attempt('a');
    await expect(cache.link(source, into, signal)).rejects.toThrow('connection reset');
    expect([await copies(), await readdir(into)]).toEqual([[], []]);
    expect(await readFile(await cacheOf().link(source, into, signal), 'utf8')).toBe('cars');
  });

  it('is not fetched for a user that has given up', async () => {
    const source = await video('cars');
    const given = AbortSignal.abort(new Error('not wanted'));
    await expect(cacheOf().link(source, await attempt('a'), given)).rejects.toThrow('not wanted');
    expect(downloads).toEqual([]);
  });
});
