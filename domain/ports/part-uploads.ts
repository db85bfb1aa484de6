import type { RequestOptions } from './object-store.js';

/** An uploaded part; parts are numbered from 1. */
export interface StoredPart {
  readonly part: number;
  readonly etag: string;
  readonly size: number;
}

/**
 * Multipart uploads whose parts are sent by another party to signed URLs. Operations throw as those
 * of an object store do.
 */
export interface PartUploads {
  /** Begins an upload; resolves with the id that the store gives it. */
  begin(bucket: string, key: string, options?: RequestOptions): Promise<string>;
  /** URL to which one part is PUT, valid for `expiresS` seconds. */
  partUrl(upload: PartUpload, part: number, expiresS: number): Promise<string>;
  /** Uploaded parts by number; undefined if the store has no such upload. */
  parts(upload: PartUpload, options?: RequestOptions): Promise<StoredPart[] | undefined>;
  complete(
    upload: PartUpload,
    parts: readonly StoredPart[],
    options?: RequestOptions,
  ): Promise<void>;
  /** Removes an upload and its parts; succeeds if it does not exist. */
  abort(upload: PartUpload, options?: RequestOptions): Promise<void>;
  /** Uploads that were begun and not completed. */
  unfinished(bucket: string, prefix: string, options?: RequestOptions): AsyncIterable<PartUpload>;
}

export interface PartUpload {
  readonly bucket: string;
  readonly key: string;
  /** Id that the store gave the upload. */
  readonly id: string;
}
