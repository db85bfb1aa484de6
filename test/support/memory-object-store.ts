import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type {
  ObjectStat,
  ObjectStore,
  PutOptions,
  RequestOptions,
} from '../../domain/ports/object-store.js';

interface StoredObject extends ObjectStat {
  readonly data: Buffer;
  readonly modified: Date;
}

/** An object store in memory; passes the contract of `test/contracts/object-store.ts`. */
export function createMemoryObjectStore(): ObjectStore {
  const buckets = new Map<string, Map<string, StoredObject>>();
  const bucketOf = (name: string) => buckets.get(name) ?? fail('NoSuchBucket', name);
  const objectAt = (bucket: string, key: string) =>
    bucketOf(bucket).get(key) ?? fail('NoSuchKey', `${bucket}/${key}`);
  const put = (bucket: string, key: string, data: Buffer, options?: PutOptions): void => {
    bucketOf(bucket).set(key, objectOf(data, options));
  };
  return {
    stat: (bucket, key, options) => later(options, () => statOf(buckets.get(bucket)?.get(key))),
    get: (bucket, key, options) => later(options, () => Buffer.from(objectAt(bucket, key).data)),
    find: (bucket, key, options) => later(options, () => buckets.get(bucket)?.get(key)?.data),
    getRange: (bucket, key, offset, length, options) =>
      later(options, () =>
        Buffer.from(objectAt(bucket, key).data.subarray(offset, offset + length)),
      ),
    getStream: (bucket, key, options = {}) =>
      later(options, () => {
        const { data } = objectAt(bucket, key);
        const { offset, length } = options.span ?? { offset: 0, length: data.length };
        return Readable.from([data.subarray(offset, offset + length)]);
      }),
    getFile: async (bucket, key, path, options) =>
      writeFile(path, await later(options, () => objectAt(bucket, key).data)),
    put: (bucket, key, data, options) =>
      later(options, () => put(bucket, key, Buffer.from(data), options)),
    putIf: (bucket, key, data, etag, options) =>
      later(options, () => {
        if (bucketOf(bucket).get(key)?.etag !== etag) return false;
        put(bucket, key, Buffer.from(data), options);
        return true;
      }),
    // A stream that fails stores nothing.
    putStream: async (bucket, key, data, options) => {
      options?.signal?.throwIfAborted();
      put(bucket, key, await buffer(data), options);
    },
    putFile: async (bucket, key, path, options) => {
      options?.signal?.throwIfAborted();
      put(bucket, key, await readFile(path), options);
    },
    copy: (bucket, from, to, options) =>
      later(options, () => put(bucket, to, objectAt(bucket, from).data, options)),
    list: async function* (bucket, prefix, options) {
      const { after = '' } = options ?? {};
      const found = await later(options, () => keysOf(bucketOf(bucket), prefix));
      yield* found.filter((key) => key > after);
    },
    listSizes: async function* (bucket, prefix, options) {
      const objects = await later(options, () => bucketOf(bucket));
      yield* keysOf(objects, prefix).map((key) => {
        const { size, etag, modified } = objects.get(key)!;
        return { key, size, etag, modified };
      });
    },
    remove: (bucket, key, options) =>
      later(options, () => {
        bucketOf(bucket).delete(key);
      }),
    ensureBucket: (bucket, options) =>
      later(options, () => {
        if (!buckets.has(bucket)) buckets.set(bucket, new Map());
      }),
    ping: (options) => later(options, () => undefined),
  };
}

/** Runs asynchronously, as a server would; errors reject. */
async function later<T>({ signal }: RequestOptions = {}, work: () => T): Promise<T> {
  await Promise.resolve();
  signal?.throwIfAborted();
  return work();
}

function statOf(object: StoredObject | undefined): ObjectStat | undefined {
  return object && { size: object.size, etag: object.etag, metadata: object.metadata };
}

function objectOf(data: Buffer, { contentType, metadata = {} }: PutOptions = {}): StoredObject {
  const etag = createHash('md5').update(data).digest('hex');
  const named = Object.entries(metadata).map(
    ([name, value]) => [name.toLowerCase(), value] as const,
  );
  const type = ['content-type', contentType ?? 'application/octet-stream'] as const;
  const stat = { etag, size: data.length, metadata: Object.fromEntries([...named, type]) };
  return { data, modified: new Date(), ...stat };
}

function keysOf(objects: ReadonlyMap<string, StoredObject>, prefix: string): string[] {
  return [...objects.keys()].filter((key) => key.startsWith(prefix)).sort();
}

function fail(code: string, what: string): never {
  throw Object.assign(new Error(`${code}: ${what}`), { code });
}
