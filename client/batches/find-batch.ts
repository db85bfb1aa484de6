import { AppError } from '../../domain/errors.js';
import type { BatchDocument } from '../../domain/job/batch.js';
import { expectId } from '../../domain/names.js';
import type { DocumentStore } from '../../domain/ports/document-store.js';

/** Finds a batch. @throws AppError `BATCH_NOT_FOUND`. */
export async function findBatch(
  { batches }: Pick<DocumentStore, 'batches'>,
  batchId: string,
): Promise<BatchDocument> {
  const batch = await batches.find(expectId('a batch_id', batchId));
  if (batch) return batch;
  throw new AppError(
    'BATCH_NOT_FOUND',
    `Batch ${batchId} does not exist.`,
    { batch_id: batchId },
    { advice: 'list-batches' },
  );
}
