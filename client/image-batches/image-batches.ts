import pMap from 'p-map';
import { AppError } from '../../domain/errors.js';
import type { ImageBatchRequest } from '../../domain/image-batch/batch-request.js';
import type { StoredTable } from '../../domain/image-batch/image-batch.js';
import { callTemporal, iterateTemporal } from '../../domain/temporal-unavailable.js';
import type { VidetteClientDeps } from '../deps.js';
import { decodeCursor, encodeCursor } from '../jobs/page-cursor.js';
import { poll } from '../jobs/poll.js';
import type { WatchOptions } from '../jobs/watch.js';
import { PAGE_LIMIT } from '../paging.js';
import type { PageOptions } from '../types.js';
import { cancelImageBatch } from './cancel-image-batch.js';
import { deleteImageBatch, type DeletedImageBatch } from './delete-image-batch.js';
import { findImageBatch } from './find-image-batch.js';
import { type ImageBatch, readImageBatch } from './image-batch-view.js';
import { startImageBatch, type StartedImageBatch } from './start-image-batch.js';
import {
  type LocalBatchOptions,
  type LocalFile,
  uploadImages,
  type UploadOptions,
  uploadZip,
} from './upload-images.js';

/** Batches of images, newest first, and the cursor of the next page; null on the last one. */
export interface ImageBatchPage {
  readonly batches: readonly ImageBatch[];
  readonly next: string | null;
}

/** Batches of images: predictions on many images as one table. */
export interface ImageBatches {
  /**
   * Starts a batch. The same source, model and confidence are the same batch, which continues unless
   * it is running or has its table in the requested format.
   */
  start(request: ImageBatchRequest): Promise<StartedImageBatch>;
  /** Uploads images on this host into a batch, and returns the request that starts it. */
  upload(
    files: readonly LocalFile[],
    request: LocalBatchOptions,
    options?: UploadOptions,
  ): Promise<ImageBatchRequest>;
  /** Uploads a zip on this host into a batch, and returns the request that starts it. */
  uploadZip(
    file: LocalFile,
    request: LocalBatchOptions,
    options?: UploadOptions,
  ): Promise<ImageBatchRequest>;
  /** Returns the state of a batch. @throws AppError `BATCH_NOT_FOUND`. */
  get(batchId: string): Promise<ImageBatch>;
  /** Yields the state of a batch, by default twice a second, until it closes. */
  status(batchId: string, options?: WatchOptions): AsyncIterable<ImageBatch>;
  list(options?: PageOptions): Promise<ImageBatchPage>;
  /** Returns where the table is stored. @throws AppError `BATCH_NOT_FOUND` without a table. */
  table(batchId: string): Promise<StoredTable>;
  /**
   * Cancels a batch, which keeps the rows that it has; does nothing for a closed one. Started again, it
   * continues.
   */
  cancel(batchId: string): Promise<ImageBatch>;
  /** Deletes a batch with its uploads, list, parts and table; a running one is cancelled first. */
  delete(batchId: string): Promise<DeletedImageBatch>;
}

const EVERY_MS = 500;
/** Batches of a page that are read at the same time. */
const CONCURRENCY = 4;

/** Creates the API of batches of images. */
export function createImageBatches(deps: VidetteClientDeps): ImageBatches {
  const call = <T>(work: () => Promise<T>) => callTemporal(deps.temporal, work);
  const find = (batchId: string) => findImageBatch(deps.documents, batchId);
  const get = async (batchId: string) => readImageBatch(deps, await find(batchId));
  return {
    start: (request) => call(() => startImageBatch(deps, request)),
    upload: (files, request, options) => uploadImages(deps, files, request, options),
    uploadZip: (file, request, options) => uploadZip(deps, file, request, options),
    get: (batchId) => call(() => get(batchId)),
    status: (batchId, { signal, everyMs = EVERY_MS } = {}) => {
      const isLast = ({ status }: ImageBatch) => status !== 'processing';
      return iterateTemporal(
        deps.temporal,
        poll(() => get(batchId), { isLast, everyMs, signal }),
      );
    },
    list: (options) => call(() => listImageBatches(deps, options)),
    table: async (batchId) => {
      const { result } = await find(batchId);
      if (result) return result;
      throw new AppError('BATCH_NOT_FOUND', `Batch of images ${batchId} has no table (yet).`);
    },
    cancel: (batchId) =>
      call(async () => {
        await cancelImageBatch(deps, batchId);
        return get(batchId);
      }),
    delete: (batchId) => call(() => deleteImageBatch(deps, batchId)),
  };
}

async function listImageBatches(
  deps: VidetteClientDeps,
  { limit = PAGE_LIMIT, cursor }: PageOptions = {},
): Promise<ImageBatchPage> {
  const place = cursor === undefined ? undefined : decodeCursor(cursor);
  const after = place && { created_at: place.created_at, batch_id: place.event_id };
  const found = await deps.documents.imageBatches.list({ limit: limit + 1, after });
  const page = found.slice(0, limit);
  const last = found.length > limit ? page.at(-1) : undefined;
  return {
    batches: await pMap(page, (batch) => readImageBatch(deps, batch), { concurrency: CONCURRENCY }),
    next: last ? encodeCursor({ created_at: last.created_at, event_id: last.batch_id }) : null,
  };
}
