/** A part of an upload that arrived; parts count from 1. */
export interface StoredPart {
  readonly part: number;
  readonly etag: string;
  readonly size: number;
}

/** Uploads of objects in parts, which somebody else sends to addresses that are signed. */
export interface PartUploads {
  /** Begins an upload, and resolves with the store's id of it. */
  begin(bucket: string, key: string): Promise<string>;
  /** Address to which one part is PUT, good for so many seconds. */
  partUrl(upload: PartUpload, part: number, expiresS: number): Promise<string>;
  /** Parts that arrived, by number; undefined when the store knows no such upload. */
  parts(upload: PartUpload): Promise<StoredPart[] | undefined>;
  complete(upload: PartUpload, parts: readonly StoredPart[]): Promise<void>;
  /** Gives an upload up with its parts; one that is not there is as good. */
  abort(upload: PartUpload): Promise<void>;
  /** Uploads that were begun and not completed. */
  unfinished(bucket: string, prefix: string): AsyncIterable<PartUpload>;
}

export interface PartUpload {
  readonly bucket: string;
  readonly key: string;
  /** The store's id of the upload. */
  readonly id: string;
}
