import type { Readable } from 'node:stream';

/** An object's size in bytes, its etag, and the metadata it was stored with (lower-case names). */
export interface ObjectStat {
  readonly size: number;
  readonly etag: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** A run of bytes of an object. */
export interface ByteSpan {
  readonly offset: number;
  readonly length: number;
}

export interface PutOptions {
  readonly contentType?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** An S3-compatible store. Writes are atomic: an object is whole or absent. */
export interface ObjectStore {
  stat(bucket: string, key: string): Promise<ObjectStat | undefined>;
  get(bucket: string, key: string): Promise<Buffer>;
  /** The whole object; undefined when it is not there, or not any more. */
  find(bucket: string, key: string): Promise<Buffer | undefined>;
  getRange(bucket: string, key: string, offset: number, length: number): Promise<Buffer>;
  /** The whole object, or a span of its bytes. */
  getStream(bucket: string, key: string, span?: ByteSpan): Promise<Readable>;
  /** Writes an object to a local file. */
  getFile(bucket: string, key: string, path: string, signal?: AbortSignal): Promise<void>;
  put(bucket: string, key: string, data: Buffer | string, options?: PutOptions): Promise<void>;
  /** Writes a stream of unknown length, in parts of bounded memory. */
  putStream(bucket: string, key: string, data: Readable, options?: PutOptions): Promise<void>;
  putFile(bucket: string, key: string, path: string, options?: PutOptions): Promise<void>;
  /** Copies an object of any size inside its bucket, in the store itself. */
  copy(bucket: string, from: string, to: string, options?: PutOptions): Promise<void>;
  list(bucket: string, prefix: string): AsyncIterable<string>;
  /** Removes an object; one that is not there is as good. */
  remove(bucket: string, key: string): Promise<void>;
  ensureBucket(bucket: string): Promise<void>;
  /** Resolves when the store answers. */
  ping(): Promise<void>;
}
