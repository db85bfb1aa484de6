import type { Readable } from 'node:stream';

/** Size in bytes, etag and metadata (lower-case names) of an object. */
export interface ObjectStat {
  readonly size: number;
  readonly etag: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Key, size in bytes, etag and time of the last write of a listed object. */
export interface ListedObject {
  readonly key: string;
  readonly size: number;
  readonly etag: string;
  readonly modified: Date;
}

/** A contiguous part of an object, in bytes. */
export interface ByteSpan {
  readonly offset: number;
  readonly length: number;
}

export interface RequestOptions {
  /** Ends the request when it aborts; the operation then throws the signal's reason. */
  readonly signal?: AbortSignal;
}

export interface StreamOptions extends RequestOptions {
  /** Default: the whole object. */
  readonly span?: ByteSpan;
}

export interface ListOptions extends RequestOptions {
  /** Only keys after this one. */
  readonly after?: string;
}

export interface PutOptions extends RequestOptions {
  readonly contentType?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** What reading the catalogue of models needs of a store. */
export type ReadableObjects = Pick<ObjectStore, 'stat' | 'find' | 'getFile' | 'list'>;

/**
 * An S3-compatible store. Writes are atomic: an object is complete or absent.
 * Every operation throws AppError `SERVER_UNAVAILABLE`, with the facts `server`, `endpoint`, `bucket`
 * and `key`, if the store does not answer.
 */
export interface ObjectStore {
  /** Undefined if the object or its bucket does not exist. */
  stat(bucket: string, key: string, options?: RequestOptions): Promise<ObjectStat | undefined>;
  /** Reads a whole object; throws if it does not exist. */
  get(bucket: string, key: string, options?: RequestOptions): Promise<Buffer>;
  /** Reads a whole object; undefined if it does not exist. */
  find(bucket: string, key: string, options?: RequestOptions): Promise<Buffer | undefined>;
  /** Reads up to `length` bytes from `offset`; fewer at the end of the object. */
  getRange(
    bucket: string,
    key: string,
    offset: number,
    length: number,
    options?: RequestOptions,
  ): Promise<Buffer>;
  getStream(bucket: string, key: string, options?: StreamOptions): Promise<Readable>;
  /** Writes an object to a local file. */
  getFile(bucket: string, key: string, path: string, options?: RequestOptions): Promise<void>;
  put(bucket: string, key: string, data: Buffer | string, options?: PutOptions): Promise<void>;
  /**
   * Writes an object if its etag is still `etag`, or, with undefined, if it does not exist. Of
   * concurrent calls with the same etag one writes. Returns false if the object has changed.
   */
  putIf(
    bucket: string,
    key: string,
    data: string,
    etag: string | undefined,
    options?: PutOptions,
  ): Promise<boolean>;
  /** Writes a stream of unknown length in parts; errors of the stream are thrown unchanged. */
  putStream(bucket: string, key: string, data: Readable, options?: PutOptions): Promise<void>;
  putFile(bucket: string, key: string, path: string, options?: PutOptions): Promise<void>;
  /** Copies an object of any size within its bucket, inside the store. */
  copy(bucket: string, from: string, to: string, options?: PutOptions): Promise<void>;
  /** Keys that start with a prefix, in order. */
  list(bucket: string, prefix: string, options?: ListOptions): AsyncIterable<string>;
  /** Objects whose keys start with a prefix, in the order of their keys. */
  listSizes(bucket: string, prefix: string, options?: RequestOptions): AsyncIterable<ListedObject>;
  /** Removes an object; succeeds if it does not exist. */
  remove(bucket: string, key: string, options?: RequestOptions): Promise<void>;
  /** Creates a bucket if it does not exist. */
  ensureBucket(bucket: string, options?: RequestOptions): Promise<void>;
  /** Resolves when the store answers. */
  ping(options?: RequestOptions): Promise<void>;
}
