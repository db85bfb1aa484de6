import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createObjectStore } from '../../adapters/store/minio-object-store.js';
import { readConfig } from '../../config/index.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import { startServers } from '../../stack/index.js';
import { createMemoryObjectStore } from '../support/memory-object-store.js';

const BUCKET = 'a-bucket';
const DATA = Buffer.from('0123456789');

let folder: string;
let servers: Awaited<ReturnType<typeof startServers>>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-objects-'));
  const config = { ...readConfig(), dataDir: folder, scratchDir: join(folder, 'scratch') };
  servers = await startServers({ config, onStep: () => undefined });
});
afterAll(async () => {
  await servers?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** The fake that unit tests stand on does what the real one does. */
const STORES = {
  'the object store': () => createObjectStore(readConfig(servers.settings).objectStore),
  'its fake in memory': createMemoryObjectStore,
};

describe.each(Object.entries(STORES))('%s', (_, create) => {
  let store: ObjectStore;
  beforeAll(() => {
    store = create();
  });
  beforeEach(async () => {
    await store.ensureBucket(BUCKET);
    await store.put(BUCKET, 'a/0', DATA, { metadata: { 'original-name': 'My%20clip' } });
  });

  it('answers', () => expect(store.ping()).resolves.toBeUndefined());

  it('tells size and metadata of an object, and an etag that follows its content', async () => {
    const before = await store.stat(BUCKET, 'a/0');
    expect(before).toMatchObject({ size: 10, metadata: { 'original-name': 'My%20clip' } });
    await store.put(BUCKET, 'a/0', 'other');
    const after = await store.stat(BUCKET, 'a/0');
    expect(after?.size).toBe(5);
    expect(after?.etag).not.toBe(before?.etag);
    await store.put(BUCKET, 'a/0', DATA);
    expect((await store.stat(BUCKET, 'a/0'))?.etag).toBe(before?.etag);
  });

  it('tells nothing of an object or a bucket that is not there, and gives none', async () => {
    expect(await store.stat(BUCKET, 'none')).toBeUndefined();
    expect(await store.stat('no-bucket', 'none')).toBeUndefined();
    expect(await store.find(BUCKET, 'none')).toBeUndefined();
    const path = join(folder, 'none');
    const refused = await Promise.allSettled([
      store.get(BUCKET, 'none'),
      store.getRange(BUCKET, 'none', 0, 1),
      store.getStream(BUCKET, 'none'),
      store.getFile(BUCKET, 'none', path),
      store.put('no-bucket', 'none', DATA),
    ]);
    expect(refused.map(({ status }) => status)).toEqual(Array(5).fill('rejected'));
  });

  it.each([
    ['a part', 2, 3, '234'],
    ['the start', 0, 1, '0'],
    ['the end', 9, 1, '9'],
    ['what there is of more', 8, 100, '89'],
  ])('gives %s of an object', async (_name, offset, length, expected) => {
    expect((await store.getRange(BUCKET, 'a/0', offset, length)).toString()).toBe(expected);
  });

  it('gives an object whole, as a stream and as a file', async () => {
    const path = join(folder, 'copy');
    await store.getFile(BUCKET, 'a/0', path);
    expect(await store.get(BUCKET, 'a/0')).toEqual(DATA);
    expect(await store.find(BUCKET, 'a/0')).toEqual(DATA);
    expect(await buffer(await store.getStream(BUCKET, 'a/0'))).toEqual(DATA);
    expect(await readFile(path)).toEqual(DATA);
  });

  it('takes text, streams, files and nothing at all', async () => {
    const path = join(folder, 'given');
    await writeFile(path, 'from a file');
    await store.put(BUCKET, 'b/text', 'é');
    await store.put(BUCKET, 'b/empty', '');
    await store.putStream(BUCKET, 'b/stream', Readable.from([Buffer.from('a'), Buffer.from('b')]));
    await store.putFile(BUCKET, 'b/file', path, { contentType: 'video/mp4' });
    const texts = ['text', 'empty', 'stream', 'file'].map((key) => store.get(BUCKET, `b/${key}`));
    expect((await Promise.all(texts)).map(String)).toEqual(['é', '', 'ab', 'from a file']);
    const { metadata } = (await store.stat(BUCKET, 'b/file'))!;
    expect(metadata['content-type']).toBe('video/mp4');
  });

  it('keeps nothing of a stream that fails', async () => {
    async function* failing() {
      yield Buffer.alloc(1000);
      await new Promise((resolve) => setTimeout(resolve, 10));
      throw new Error('no more');
    }
    const put = store.putStream(BUCKET, 'c/broken', Readable.from(failing()));
    await expect(put).rejects.toThrow('no more');
    expect(await store.stat(BUCKET, 'c/broken')).toBeUndefined();
  });

  it('lists the keys of a prefix, in order', async () => {
    for (const key of ['d/2', 'd/10', 'd/deep/1', 'dd/1']) await store.put(BUCKET, key, DATA);
    const keys: string[] = [];
    for await (const key of store.list(BUCKET, 'd/')) keys.push(key);
    expect(keys).toEqual(['d/10', 'd/2', 'd/deep/1']);
  });
});
