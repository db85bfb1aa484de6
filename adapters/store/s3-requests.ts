import { PassThrough, finished, type Readable } from 'node:stream';
import { type Client, type ClientOptions, S3Error } from 'minio';
import { AppError } from '../../domain/errors.js';
import { serverUnavailable } from '../../domain/server-unavailable.js';
import { hasNetworkCode } from '../network-error.js';
import { explainCertificate } from '../refused-certificate.js';
import { createS3Transport } from './s3-transport.js';

/** What a request is about; errors name it. */
export interface S3Target {
  readonly bucket?: string;
  readonly key?: string;
}

/** One operation: a client whose requests end with its signal, and the translation of its errors. */
export interface S3Operation<C> {
  readonly client: C;
  readonly toError: (error: unknown) => unknown;
  /** Ends its requests: the client may still be sending some after the operation has failed. */
  readonly close: () => Promise<void>;
}

export interface S3RequestSettings {
  readonly options: ClientOptions;
  /** Names the store in errors, such as `http://127.0.0.1:9000`. */
  readonly endpoint: string;
  readonly idleTimeoutMs: number | undefined;
}

const CERTIFICATE_ADVICE = 'Give the file of its authority as MINIO_CA_FILE.';
/** HTTP statuses after which the `minio` package retries, then fails without an S3 error. */
const BUSY_STATUSES = new Set([408, 429, 499, 500, 502, 503, 504, 520]);
/** HTTP status of a store whose disk is full. */
const INSUFFICIENT_STORAGE = 507;

/**
 * Sends requests to an S3-compatible store. They throw `SERVER_UNAVAILABLE` if it does not answer or
 * is too busy, `STORE_FULL` if it has no room, the signal's reason if it aborts, and otherwise an
 * error that names bucket and key.
 * @param createClient makes a client of the `minio` package, or of a subclass.
 */
export function createS3Requests<C extends Client>(
  { options, endpoint, idleTimeoutMs }: S3RequestSettings,
  createClient: (options: ClientOptions) => C,
) {
  const { useSSL = true } = options;

  function begin(target: S3Target, signal?: AbortSignal): S3Operation<C> {
    const { transport, lastStatus, close } = createS3Transport({
      useSSL,
      ...(idleTimeoutMs !== undefined && { idleTimeoutMs }),
      ...(signal && { signal }),
    });
    const toError = (error: unknown) => {
      if (signal?.aborted) return signal.reason as unknown;
      const explained = explainCertificate(error, 'the object store', CERTIFICATE_ADVICE);
      if (explained !== error) return explained;
      if (lastStatus() === INSUFFICIENT_STORAGE) return storeFull(endpoint, target, error);
      if (error instanceof S3Error) return withTarget(error, target);
      const isBusy = BUSY_STATUSES.has(lastStatus() ?? 0);
      if (!isBusy && !hasNetworkCode(error)) return error;
      return serverUnavailable('object store', { endpoint, ...target }, error);
    };
    return { client: createClient({ ...options, transport }), toError, close };
  }

  async function send<T>(
    target: S3Target,
    signal: AbortSignal | undefined,
    request: (client: C) => Promise<T>,
  ): Promise<T> {
    signal?.throwIfAborted();
    const { client, toError, close } = begin(target, signal);
    try {
      return await request(client);
    } catch (error) {
      await close();
      throw toError(error);
    }
  }

  async function* iterate<T>(
    target: S3Target,
    signal: AbortSignal | undefined,
    request: (client: C) => AsyncIterable<T>,
  ): AsyncGenerator<T, void> {
    signal?.throwIfAborted();
    const { client, toError } = begin(target, signal);
    try {
      yield* request(client);
    } catch (error) {
      throw toError(error);
    }
  }

  async function stream(
    target: S3Target,
    signal: AbortSignal | undefined,
    request: (client: C) => Promise<Readable>,
  ): Promise<Readable> {
    signal?.throwIfAborted();
    const { client, toError } = begin(target, signal);
    try {
      return withErrors(await request(client), toError);
    } catch (error) {
      throw toError(error);
    }
  }

  return { send, iterate, stream };
}

function storeFull(endpoint: string, { bucket = '', key = '' }: S3Target, cause: unknown) {
  return new AppError(
    'STORE_FULL',
    `The object store at ${endpoint} has no room for ${bucket}/${key}. Delete jobs with "vidette prune" or "vidette rm", or free space on its disk.`,
    { bucket, key },
    { cause },
  );
}

function withTarget(error: S3Error, { bucket = '', key = '' }: S3Target): Error {
  const { code = 'S3Error', message } = error;
  return new Error(`${bucket}/${key}: ${code}: ${message}`, { cause: error });
}

/** The same bytes, with translated errors. */
function withErrors(source: Readable, toError: (error: unknown) => unknown): Readable {
  const output = new PassThrough();
  finished(source, (error) => {
    if (error) output.destroy(toError(error) as Error);
  });
  output.once('close', () => source.destroy());
  return source.pipe(output);
}
