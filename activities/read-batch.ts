import { BATCH_SLICE, type BatchRequest, type BatchSlice } from '../domain/job/batch.js';
import { AppError } from '../domain/errors.js';
import type { DocumentStore } from '../domain/ports/document-store.js';

export interface ReadBatchDeps {
  readonly documents: DocumentStore;
  readonly payloadsEncrypted?: boolean;
}

/**
 * Returns the jobs of a batch from an index on that are not ready, in slices.
 * @throws AppError `BATCH_NOT_FOUND`.
 */
export async function readBatch(
  { documents, payloadsEncrypted = false }: ReadBatchDeps,
  { batch_id, from }: BatchRequest & { readonly from: number },
): Promise<BatchSlice> {
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
  const open = slice.filter(({ event_id }) => statuses.get(event_id) !== 'ready');
  const ready = slice.length - open.length;
  const sealed = payloadsEncrypted && { sealed: true };
  return { options, priority, total: jobs.length, next, ready, jobs: open, ...sealed };
}
