import { createWriteStream, readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { PassThrough, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  Client,
  type ClientOptions,
  CopyDestinationOptions,
  CopySourceOptions,
  S3Error,
} from 'minio';
import { AppError, messageOf } from '../../domain/errors.js';
import { idleTimeoutTransport } from './idle-timeout-transport.js';
import { explainCertificate } from '../refused-certificate.js';
import type { ObjectStat, ObjectStore, PutOptions } from '../../domain/ports/object-store.js';

export interface ObjectStoreSettings {
  /** Such as `http://127.0.0.1:9000` or `https://s3.eu-central-1.amazonaws.com`. */
  readonly endpoint: string;
  readonly accessKey: string | undefined;
  readonly secretKey: string | undefined;
  /** Of temporary credentials. */
  readonly sessionToken?: string;
  readonly region: string;
  /** Buckets in the path of an address, or false: in its host name. Default: true. */
  readonly pathStyle?: boolean;
  /** File in PEM of the authorities to trust in place of those of the system. */
  readonly caFile?: string;
  /** A store that says nothing for so many milliseconds is given up; default: it is waited for. */
  readonly silenceMs?: number;
}

const CERTIFICATE_ADVICE = 'Give the file of its authority as MINIO_CA_FILE.';

/** Bytes that a stream of unknown length buffers per part; 10,000 parts make 160 GB. */
const PART_BYTES = 16 * 1024 ** 2;

/** An object store over S3's API, through the `minio` package. */
export function createObjectStore(settings: ObjectStoreSettings): ObjectStore {
  const client = new Client(clientOptions(settings));
  return {
    stat: (bucket, key) => absentAsUndefined(statObject(client, bucket, key)),
    get: async (bucket, key) => collect(await client.getObject(bucket, key)),
    find: (bucket, key) =>
      absentAsUndefined(client.getObject(bucket, key).then((stream) => collect(stream))),
    getRange: async (bucket, key, offset, length) =>
      collect(await client.getPartialObject(bucket, key, offset, length)),
    getStream: (bucket, key, span) =>
      span
        ? client.getPartialObject(bucket, key, span.offset, span.length)
        : client.getObject(bucket, key),
    getFile: async (bucket, key, path, signal) =>
      pipeline(await client.getObject(bucket, key), createWriteStream(path), { signal }),
    put: async (bucket, key, data, options) => {
      const size = typeof data === 'string' ? Buffer.byteLength(data) : data.length;
      await client.putObject(bucket, key, data, size, metadataOf(options));
    },
    putStream: async (bucket, key, data, options) => {
      // The client does not listen for errors of the stream that it reads.
      const body = new PassThrough();
      const stored = client.putObject(bucket, key, body, undefined, metadataOf(options));
      await Promise.all([pipeline(data, body), stored]);
    },
    putFile: async (bucket, key, path, options) => {
      await client.fPutObject(bucket, key, path, metadataOf(options));
    },
    copy: async (bucket, from, to, options = {}) => {
      const source = new CopySourceOptions({ Bucket: bucket, Object: from });
      // More than 5 GB are copied in parts, which `copyObject` cannot.
      await client.composeObject(copyTarget(bucket, to, options), [source]);
    },
    list: (bucket, prefix) => listKeys(client, bucket, prefix),
    remove: (bucket, key) => client.removeObject(bucket, key),
    ensureBucket: (bucket) => ensureBucket(client, bucket, settings.region),
    ping: () => ping(client),
  };
}

function copyTarget(bucket: string, key: string, { contentType, metadata }: PutOptions) {
  return new CopyDestinationOptions({
    Bucket: bucket,
    Object: key,
    MetadataDirective: 'REPLACE',
    UserMetadata: { ...metadata },
    ...(contentType && { Headers: { 'Content-Type': contentType } }),
  });
}

/** Settings of the `minio` package. @throws AppError `INVALID_INPUT`. */
export function clientOptions(settings: ObjectStoreSettings): ClientOptions {
  const { endpoint, accessKey, secretKey, sessionToken, region, pathStyle = true } = settings;
  const { silenceMs } = settings;
  const url = URL.parse(endpoint);
  if (!url || !accessKey || !secretKey) {
    throw new AppError(
      'INVALID_INPUT',
      'The object store needs MINIO_ENDPOINT (a URL), MINIO_ACCESS_KEY and MINIO_SECRET_KEY.',
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new AppError('INVALID_INPUT', 'MINIO_ENDPOINT takes no user name and no password.');
  }
  const useSSL = url.protocol === 'https:';
  return {
    endPoint: url.hostname,
    port: url.port ? Number(url.port) : useSSL ? 443 : 80,
    useSSL,
    accessKey,
    secretKey,
    ...(sessionToken !== undefined && { sessionToken }),
    region,
    pathStyle,
    partSize: PART_BYTES,
    ...(silenceMs !== undefined && { transport: idleTimeoutTransport(useSSL, silenceMs) }),
    ...(useSSL && settings.caFile !== undefined && { transportAgent: trusting(settings.caFile) }),
  };
}

function trusting(caFile: string): Agent {
  try {
    return new Agent({ ca: readFileSync(caFile), keepAlive: true });
  } catch (cause) {
    throw new AppError('INVALID_INPUT', `MINIO_CA_FILE cannot be read: ${messageOf(cause)}`);
  }
}

/** A user who may not list buckets was known to the store, and so answered. */
async function ping(client: Client): Promise<void> {
  try {
    await client.listBuckets();
  } catch (error) {
    if (error instanceof S3Error && error.code === 'AccessDenied') return;
    throw explainCertificate(error, 'the object store', CERTIFICATE_ADVICE);
  }
}

async function statObject(client: Client, bucket: string, key: string): Promise<ObjectStat> {
  const { size, etag, metaData } = await client.statObject(bucket, key);
  return { size, etag, metadata: metaData };
}

/** Whether an error of the store says that the object or bucket does not exist. */
function isAbsent(error: unknown): boolean {
  return (
    error instanceof S3Error && ['NotFound', 'NoSuchKey', 'NoSuchBucket'].includes(error.code ?? '')
  );
}

async function absentAsUndefined<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

async function collect(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}

function metadataOf({ contentType, metadata }: PutOptions = {}) {
  return { ...metadata, ...(contentType && { 'Content-Type': contentType }) };
}

async function* listKeys(client: Client, bucket: string, prefix: string) {
  const objects = client.listObjectsV2(bucket, prefix, true);
  for await (const { name } of objects as AsyncIterable<{ name?: string }>) if (name) yield name;
}

/** Two processes may do this at once: a bucket that the other one made is as good. */
async function ensureBucket(client: Client, bucket: string, region: string): Promise<void> {
  if (await client.bucketExists(bucket)) return;
  try {
    await client.makeBucket(bucket, region);
  } catch (error) {
    if (!(await client.bucketExists(bucket))) throw error;
  }
}
