import {
  BATCH_SLICE,
  type BatchJob,
  type BatchRequest,
  type BatchSlice,
  deletedJobs,
} from '../domain/job/batch.js';
import { AppError } from '../domain/errors.js';
import type { DocumentStore } from '../domain/ports/document-store.js';

export interface ReadBatchDeps {
  readonly documents: DocumentStore;
  readonly payloadsEncrypted?: boolean;
}

/**
 * Returns the jobs of a batch from an index on that are not ready, in slices. Those that were deleted
 * are left out, unless the batch was started again by its videos.
 * @throws AppError `BATCH_NOT_FOUND`.
 */
export async function readBatch(
  { documents, payloadsEncrypted = false }: ReadBatchDeps,
  { batch_id, from, again = false }: BatchRequest & { readonly from: number },
): Promise<BatchSlice> {
  // Only then: jobs that are deleted while the batch runs are not started.
  if (again && from === 0) await documents.batches.clearDeleted(batch_id);
  const batch = await documents.batches.find(batch_id);
  if (!batch) {
    throw new AppError(
      'BATCH_NOT_FOUND',
      `Batch ${batch_id} does not exist. Start it with "vidette detect" or POST /api/v1/video-batches.`,
    );
  }
  const { options, priority, jobs } = batch;
  const next = Math.min(from + BATCH_SLICE, jobs.length);
  const slice = jobs.slice(from, next);
  const statuses = await documents.findStatuses(slice.map(({ event_id }) => event_id));
  const deleted = new Set(deletedJobs({ ...batch, jobs: slice }, statuses));
  const isReady = ({ event_id }: BatchJob) => statuses.get(event_id) === 'ready';
  const open = slice.filter((job) => !isReady(job) && !deleted.has(job));
  const ready = slice.filter(isReady).length;
  const sealed = payloadsEncrypted && { sealed: true };
  return {
    options,
    priority,
    total: jobs.length,
    next,
    ready,
    deleted: deleted.size,
    jobs: open,
    ...sealed,
  };
}
