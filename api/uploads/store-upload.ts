import { createHash } from 'node:crypto';
import { pipeline, type Readable, Transform } from 'node:stream';
import { AppError } from '../../domain/errors.js';
import { videoIdOf } from '../../domain/hash.js';
import { BUCKETS, keys, NAME_METADATA } from '../../domain/names.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import { encodeVideoName } from '../../domain/video/video-name.js';
import type { ApiServices } from '../context.js';
import { newUploadId } from './upload-id.js';

/** Stored video. */
export interface StoredVideo {
  readonly video_id: string;
  readonly name: string;
  /** Bytes. */
  readonly size: number;
}

export interface UploadedFile {
  readonly name: string;
  readonly data: Readable;
  readonly maxBytes: number;
}

type Stores = Pick<ApiServices, 'objects' | 'partUploads'>;

/**
 * Streams a file into the store, one part in memory at a time. Its id derives from its content, so it
 * is stored under a temporary key until the end; an aborted upload is removed.
 * @throws AppError `LIMIT_EXCEEDED`, `BAD_VIDEO` for an empty file.
 */
export async function storeUpload(
  stores: Stores,
  { name, data, maxBytes }: UploadedFile,
): Promise<StoredVideo> {
  const id = newUploadId();
  const key = keys.upload(id);
  const meter = createMeter(name, maxBytes);
  // For a crash of this process: MinIO lists unfinished uploads by exact key only.
  await stores.objects.put(BUCKETS.videos, keys.uploadMark(id), '');
  try {
    // Errors end both streams; `putStream` reports them.
    const metered = pipeline(data, meter.stream, () => undefined);
    await stores.objects.putStream(BUCKETS.videos, key, metered);
    return await adoptUpload(stores.objects, key, { name, ...meter.measured() });
  } finally {
    await removeUpload(stores, key);
    await stores.objects.remove(BUCKETS.videos, keys.uploadMark(id));
  }
}

export interface Measured {
  readonly sha256: string;
  readonly size: number;
}

/** Copies an upload to the key of its video, unless that exists. */
export async function adoptUpload(
  objects: ObjectStore,
  from: string,
  { name, sha256, size }: Measured & { readonly name: string },
): Promise<StoredVideo> {
  const video_id = videoIdOf(name, sha256);
  const key = keys.video(video_id);
  if (!(await objects.stat(BUCKETS.videos, key))) {
    const metadata = { [NAME_METADATA]: encodeVideoName(name) };
    await objects.copy(BUCKETS.videos, from, key, { contentType: 'video/mp4', metadata });
  }
  return { video_id, name, size };
}

/** Removes an upload, complete or in parts. */
export async function removeUpload({ objects, partUploads }: Stores, key: string): Promise<void> {
  for await (const upload of partUploads.unfinished(BUCKETS.videos, key)) {
    await partUploads.abort(upload);
  }
  await objects.remove(BUCKETS.videos, key);
}

/** Creates a stream that counts and hashes data up to a limit. */
function createMeter(name: string, maxBytes: number) {
  const hash = createHash('sha256');
  let size = 0;
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, next) {
      size += chunk.length;
      hash.update(chunk);
      next(size > maxBytes ? tooLarge(maxBytes) : null, chunk);
    },
    // The store rejects an empty stream with a less clear error.
    flush: (next) => next(size === 0 ? emptyFile(name) : null),
  });
  return { stream, measured: (): Measured => ({ sha256: hash.digest('hex'), size }) };
}

function emptyFile(name: string): AppError {
  return new AppError('BAD_VIDEO', `The file ${JSON.stringify(name)} is empty. Send a video.`);
}

/** @param maxBytes maximum size of a file. */
export function tooLarge(maxBytes: number): AppError {
  return new AppError(
    'LIMIT_EXCEEDED',
    `The file is larger than the limit of ${maxBytes} bytes (VIDETTE_MAX_UPLOAD_GB).`,
  );
}
