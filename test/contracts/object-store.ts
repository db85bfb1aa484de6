import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ListedObject, ObjectStore } from '../../domain/ports/object-store.js';

const BUCKET = 'a-bucket';
const DATA = Buffer.from('0123456789');

/** Suite for every implementation of {@link ObjectStore}. */
export function objectStoreContract(name: string, create: () => ObjectStore): void {
  describe(`${name} as an object store`, () => {
    let folder: string;
    let store: ObjectStore;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'vidette-objects-'));
      store = create();
    });
    afterAll(() => rm(folder, { recursive: true, force: true }));
    beforeEach(async () => {
      await store.ensureBucket(BUCKET);
      await store.put(BUCKET, 'a/0', DATA, { metadata: { 'original-name': 'My%20clip' } });
    });

    it('answers a ping', () => expect(store.ping()).resolves.toBeUndefined());

    it('reads size and metadata of an object, and an etag that depends on its content', async () => {
      const before = await store.stat(BUCKET, 'a/0');
      expect(before).toMatchObject({ size: 10, metadata: { 'original-name': 'My%20clip' } });
      await store.put(BUCKET, 'a/0', 'other');
      const after = await store.stat(BUCKET, 'a/0');
      expect(after?.size).toBe(5);
      expect(after?.etag).not.toBe(before?.etag);
      await store.put(BUCKET, 'a/0', DATA);
      expect((await store.stat(BUCKET, 'a/0'))?.etag).toBe(before?.etag);
    });

    it('finds no absent object or bucket, and rejects reading it', async () => {
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
      ['the rest, if more is requested,', 8, 100, '89'],
    ])('reads %s of an object', async (_name, offset, length, expected) => {
      expect((await store.getRange(BUCKET, 'a/0', offset, length)).toString()).toBe(expected);
    });

    it('reads a whole object as bytes, as a stream and to a file', async () => {
      const path = join(folder, 'copy');
      await store.getFile(BUCKET, 'a/0', path);
      expect(await store.get(BUCKET, 'a/0')).toEqual(DATA);
      expect(await store.find(BUCKET, 'a/0')).toEqual(DATA);
      expect(await buffer(await store.getStream(BUCKET, 'a/0'))).toEqual(DATA);
      const span = { offset: 2, length: 3 };
      expect(String(await buffer(await store.getStream(BUCKET, 'a/0', { span })))).toBe('234');
      expect(await readFile(path)).toEqual(DATA);
    });

    it('stores text, streams, files and empty objects', async () => {
      const path = join(folder, 'given');
      await writeFile(path, 'from a file');
      await store.put(BUCKET, 'b/text', 'é');
      await store.put(BUCKET, 'b/empty', '');
      await store.putStream(
        BUCKET,
        'b/stream',
        Readable.from([Buffer.from('a'), Buffer.from('b')]),
      );
      await store.putStream(BUCKET, 'b/no-chunk', Readable.from([]));
      await store.putFile(BUCKET, 'b/file', path, { contentType: 'video/mp4' });
      const names = ['text', 'empty', 'stream', 'no-chunk', 'file'];
      const texts = names.map((name) => store.get(BUCKET, `b/${name}`));
      expect((await Promise.all(texts)).map(String)).toEqual(['é', '', 'ab', '', 'from a file']);
      const { metadata } = (await store.stat(BUCKET, 'b/file'))!;
      expect(metadata['content-type']).toBe('video/mp4');
    });

    it('writes only an object that has not changed', async () => {
      expect(await store.putIf(BUCKET, 'i/1', 'first', undefined)).toBe(true);
      expect(await store.putIf(BUCKET, 'i/1', 'again', undefined)).toBe(false);
      const { etag } = (await store.stat(BUCKET, 'i/1'))!;
      expect(await store.putIf(BUCKET, 'i/1', 'second', etag)).toBe(true);
      expect(await store.putIf(BUCKET, 'i/1', 'third', etag)).toBe(false);
      expect(await store.putIf(BUCKET, 'i/none', 'first', etag)).toBe(false);
      expect(String(await store.get(BUCKET, 'i/1'))).toBe('second');
      await expect(store.putIf('no-bucket', 'i/1', 'x', undefined)).rejects.toThrow();
    });

    it.each([
      ['a new', undefined],
      ['a stored', 'seed'],
    ])('writes %s object once for concurrent calls', async (_name, seed) => {
      const key = `i/${seed ?? 'new'}-raced`;
      if (seed !== undefined) await store.put(BUCKET, key, seed);
      const etag = (await store.stat(BUCKET, key))?.etag;
      const writers = Array.from({ length: 20 }, (_, i) => `writer ${i}`);
      const written = await Promise.all(
        writers.map((text) => store.putIf(BUCKET, key, text, etag)),
      );
      expect(written.filter(Boolean)).toHaveLength(1);
      expect(String(await store.get(BUCKET, key))).toBe(writers[written.indexOf(true)]);
    });

    it('stores nothing of a stream that fails', async () => {
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

    it('lists the keys after another key', async () => {
      for (const key of ['f/1', 'f/2', 'f/3']) await store.put(BUCKET, key, DATA);
      const keys: string[] = [];
      for await (const key of store.list(BUCKET, 'f/', { after: 'f/1' })) keys.push(key);
      expect(keys).toEqual(['f/2', 'f/3']);
    });

    it('lists the sizes of objects', async () => {
      await store.put(BUCKET, 'g/1', 'x');
      await store.put(BUCKET, 'g/2', '');
      const listed: ListedObject[] = [];
      for await (const object of store.listSizes(BUCKET, 'g/')) listed.push(object);
      const modified = expect.any(Date) as Date;
      expect(listed).toEqual([
        { key: 'g/1', size: 1, etag: (await store.stat(BUCKET, 'g/1'))!.etag, modified },
        { key: 'g/2', size: 0, etag: (await store.stat(BUCKET, 'g/2'))!.etag, modified },
      ]);
      // Clocks of stores differ, but not by hours.
      const [first] = listed;
      expect(Math.abs(Date.now() - first!.modified.getTime())).toBeLessThan(3_600_000);
    });

    it('copies and removes an object', async () => {
      await store.copy(BUCKET, 'a/0', 'e/copy', { metadata: { 'original-name': 'Copy' } });
      expect(await store.get(BUCKET, 'e/copy')).toEqual(DATA);
      expect((await store.stat(BUCKET, 'e/copy'))?.metadata['original-name']).toBe('Copy');
      await store.remove(BUCKET, 'e/copy');
      await store.remove(BUCKET, 'e/copy');
      expect(await store.stat(BUCKET, 'e/copy')).toBeUndefined();
    });

    it('rejects each operation whose signal has aborted', async () => {
      const reason = new Error('cancelled');
      const signal = AbortSignal.abort(reason);
      const options = { signal };
      const path = join(folder, 'aborted');
      const operations: readonly Promise<unknown>[] = [
        store.stat(BUCKET, 'a/0', options),
        store.get(BUCKET, 'a/0', options),
        store.find(BUCKET, 'a/0', options),
        store.getRange(BUCKET, 'a/0', 0, 1, options),
        store.getStream(BUCKET, 'a/0', options),
        store.getFile(BUCKET, 'a/0', path, options),
        store.put(BUCKET, 'a/1', DATA, options),
        store.putIf(BUCKET, 'a/1', 'text', undefined, options),
        store.putStream(BUCKET, 'a/1', Readable.from([DATA]), options),
        store.putFile(BUCKET, 'a/1', path, options),
        store.copy(BUCKET, 'a/0', 'a/1', options),
        store.list(BUCKET, 'a/', options)[Symbol.asyncIterator]().next(),
        store.remove(BUCKET, 'a/0', options),
        store.ensureBucket(BUCKET, options),
        store.ping(options),
      ];
      for (const operation of operations) await expect(operation).rejects.toBe(reason);
      expect(await store.find(BUCKET, 'a/0')).toEqual(DATA);
      expect(await store.find(BUCKET, 'a/1')).toBeUndefined();
    });
  });
}
