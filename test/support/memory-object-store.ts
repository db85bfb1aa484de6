import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { ObjectStat, ObjectStore, PutOptions } from '../../domain/ports/object-store.js';

interface StoredObject extends ObjectStat {
  readonly data: Buffer;
}

/** An object store without a server, for tests of what stands on one. */
export function createMemoryObjectStore(): ObjectStore {
  const buckets = new Map<string, Map<string, StoredObject>>();
  const bucketOf = (name: string) => buckets.get(name) ?? fail('NoSuchBucket', name);
  const objectAt = (bucket: string, key: string) =>
    bucketOf(bucket).get(key) ?? fail('NoSuchKey', `${bucket}/${key}`);
  const put = (bucket: string, key: string, data: Buffer, options?: PutOptions): void => {
    bucketOf(bucket).set(key, objectOf(data, options));
  };
  return {
    stat: (bucket, key) => later(() => statOf(buckets.get(bucket)?.get(key))),
    get: (bucket, key) => later(() => Buffer.from(objectAt(bucket, key).data)),
    find: (bucket, key) => later(() => buckets.get(bucket)?.get(key)?.data),
    getRange: (bucket, key, offset, length) =>
      later(() => Buffer.from(objectAt(bucket, key).data.subarray(offset, offset + length))),
    getStream: (bucket, key, { span = { offset: 0, length: Infinity } } = {}) =>
      later(() => {
        const { data } = objectAt(bucket, key);
        return Readable.from([data.subarray(span.offset, span.offset + span.length)]);
      }),
    getFile: async (bucket, key, path) => writeFile(path, objectAt(bucket, key).data),
    put: (bucket, key, data, options) => later(() => put(bucket, key, Buffer.from(data), options)),
    // Nothing is stored of a stream that fails.
    putStream: async (bucket, key, data, options) => put(bucket, key, await buffer(data), options),
    putFile: async (bucket, key, path, options) => put(bucket, key, await readFile(path), options),
    copy: (bucket, from, to, options) =>
      later(() => put(bucket, to, objectAt(bucket, from).data, options)),
    list: (bucket, prefix) => keysOf(bucketOf(bucket), prefix),
    remove: (bucket, key) =>
      later(() => {
        bucketOf(bucket).delete(key);
      }),
    ensureBucket: (bucket) =>
      later(() => {
        if (!buckets.has(bucket)) buckets.set(bucket, new Map());
      }),
    ping: () => Promise.resolve(),
  };
}

/** Does it in a moment, as a server would; what it throws rejects. */
function later<T>(work: () => T): Promise<T> {
  return Promise.resolve().then(work);
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
  return { data, etag, size: data.length, metadata: Object.fromEntries([...named, type]) };
}

function keysOf(objects: ReadonlyMap<string, StoredObject>, prefix: string): AsyncIterable<string> {
  const keys = [...objects.keys()].filter((key) => key.startsWith(prefix));
  return Readable.from(keys.sort());
}

function fail(code: string, what: string): never {
  throw Object.assign(new Error(`${code}: ${what}`), { code });
}
