import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { PassThrough, type Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { Client, S3Error } from 'minio';
import type { ObjectStat, ObjectStore, PutOptions } from '../../domain/ports/object-store.js';
import { copyObject } from './s3-copy.js';
import { createS3Requests } from './s3-requests.js';
import { type ObjectStoreSettings, requestSettings } from './s3-settings.js';

/** Accesses an object store by the S3 API. @throws AppError `INVALID_INPUT` for wrong settings. */
export function createObjectStore(settings: ObjectStoreSettings): ObjectStore {
  const { send, iterate, stream } = createS3Requests(
    requestSettings(settings),
    (options) => new Client(options),
  );
  const { region } = settings;
  return {
    stat: (bucket, key, { signal } = {}) =>
      send({ bucket, key }, signal, (client) => findOrUndefined(statObject(client, bucket, key))),
    get: (bucket, key, { signal } = {}) =>
      send({ bucket, key }, signal, (client) => readObject(client, bucket, key)),
    find: (bucket, key, { signal } = {}) =>
      send({ bucket, key }, signal, (client) => findOrUndefined(readObject(client, bucket, key))),
    getRange: (bucket, key, offset, length, { signal } = {}) =>
      send({ bucket, key }, signal, async (client) =>
        buffer(await client.getPartialObject(bucket, key, offset, length)),
      ),
    getStream: (bucket, key, { span, signal } = {}) =>
      stream({ bucket, key }, signal, (client) =>
        span
          ? client.getPartialObject(bucket, key, span.offset, span.length)
          : client.getObject(bucket, key),
      ),
    getFile: (bucket, key, path, { signal } = {}) =>
      send({ bucket, key }, signal, async (client) =>
        pipeline(await client.getObject(bucket, key), createWriteStream(path), { signal }),
      ),
    put: (bucket, key, data, options = {}) =>
      send({ bucket, key }, options.signal, async (client) => {
        const size = typeof data === 'string' ? Buffer.byteLength(data) : data.length;
        await client.putObject(bucket, key, data, size, metadataOf(options));
      }),
    putIf: (bucket, key, data, etag, options = {}) =>
      send({ bucket, key }, options.signal, async (client) => {
        const condition =
          etag === undefined ? { 'If-None-Match': '*' } : { 'If-Match': `"${etag}"` };
        const headers = { ...metadataOf(options), ...condition };
        return writtenOrChanged(
          client.putObject(bucket, key, data, Buffer.byteLength(data), headers),
        );
      }),
    putStream: async (bucket, key, data, options = {}) => {
      const failure = watchErrors(data);
      await send({ bucket, key }, options.signal, (client) =>
        putStream(client, bucket, key, data, options),
      ).catch((error: unknown) => {
        throw failure.error ?? error;
      });
    },
    putFile: (bucket, key, path, options = {}) =>
      send({ bucket, key }, options.signal, async (client) => {
        await client.fPutObject(bucket, key, path, metadataOf(options));
      }),
    copy: (bucket, from, to, options = {}) =>
      send({ bucket, key: to }, options.signal, (client) =>
        copyObject(client, { bucket, from, to, options }),
      ),
    list: (bucket, prefix, { after, signal } = {}) =>
      iterate({ bucket, key: prefix }, signal, (client) => listKeys(client, bucket, prefix, after)),
    listSizes: (bucket, prefix, { signal } = {}) =>
      iterate({ bucket, key: prefix }, signal, (client) => listObjects(client, bucket, prefix)),
    remove: (bucket, key, { signal } = {}) =>
      send({ bucket, key }, signal, (client) => client.removeObject(bucket, key)),
    ensureBucket: (bucket, { signal } = {}) =>
      send({ bucket }, signal, (client) => ensureBucket(client, bucket, region)),
    ping: ({ signal } = {}) => send({}, signal, ping),
  };
}

/** Credentials that may not list buckets were accepted by the store, so it answered. */
async function ping(client: Client): Promise<void> {
  try {
    await client.listBuckets();
  } catch (error) {
    if (!(error instanceof S3Error) || error.code !== 'AccessDenied') throw error;
  }
}

async function statObject(client: Client, bucket: string, key: string): Promise<ObjectStat> {
  const { size, etag, metaData } = await client.statObject(bucket, key);
  return { size, etag, metadata: metaData };
}

async function readObject(client: Client, bucket: string, key: string): Promise<Buffer> {
  return buffer(await client.getObject(bucket, key));
}

const ABSENT = new Set(['NotFound', 'NoSuchKey', 'NoSuchBucket']);

async function findOrUndefined<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if (error instanceof S3Error && ABSENT.has(error.code ?? '')) return undefined;
    throw error;
  }
}

/** Codes of a conditional write of an object that has changed, appeared or disappeared. */
const CHANGED = new Set(['PreconditionFailed', 'ConditionalRequestConflict', 'NoSuchKey']);

async function writtenOrChanged(request: Promise<unknown>): Promise<boolean> {
  try {
    await request;
    return true;
  } catch (error) {
    if (error instanceof S3Error && CHANGED.has(error.code ?? '')) return false;
    throw error;
  }
}

async function putStream(
  client: Client,
  bucket: string,
  key: string,
  data: Readable,
  options: PutOptions,
): Promise<void> {
  // The client does not listen for errors of the stream that it reads.
  const body = new PassThrough();
  const filled = pipeline(data, body, { signal: options.signal });
  await Promise.race([once(body, 'readable'), filled]);
  // The client stores a stream in parts, and an object without a part is refused.
  const content = body.readableLength > 0 ? body : '';
  const stored = client.putObject(bucket, key, content, undefined, metadataOf(options));
  await Promise.all([filled, stored]);
}

/** Remembers the error that a stream fails with: its network errors are not the store's. */
function watchErrors(stream: Readable): { readonly error: Error | undefined } {
  const failure: { error: Error | undefined } = { error: undefined };
  stream.once('error', (error) => (failure.error = error));
  return failure;
}

function metadataOf({ contentType, metadata }: PutOptions) {
  return { ...metadata, ...(contentType && { 'Content-Type': contentType }) };
}

async function* listKeys(client: Client, bucket: string, prefix: string, after?: string) {
  for await (const { key } of listObjects(client, bucket, prefix, after)) yield key;
}

/** An object as the minio package lists it. */
interface Listed {
  readonly name?: string;
  readonly size?: number;
  readonly etag?: string;
  readonly lastModified?: Date;
}

async function* listObjects(client: Client, bucket: string, prefix: string, after = '') {
  const objects = client.listObjectsV2(bucket, prefix, true, after);
  for await (const listed of objects as AsyncIterable<Listed>) {
    const { name, size = 0, etag = '', lastModified: modified = new Date() } = listed;
    if (name) yield { key: name, size, etag, modified };
  }
}

/** Another process may create the bucket at the same time. */
async function ensureBucket(client: Client, bucket: string, region: string): Promise<void> {
  if (await client.bucketExists(bucket)) return;
  try {
    await client.makeBucket(bucket, region);
  } catch (error) {
    if (!(await client.bucketExists(bucket))) throw error;
  }
}
