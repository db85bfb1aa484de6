import { AppError } from '../../domain/errors.js';
import type { ImageBatchDocument } from '../../domain/image-batch/image-batch.js';
import { expectId } from '../../domain/names.js';
import type { DocumentStore } from '../../domain/ports/document-store.js';

/** Finds a batch of images. @throws AppError `BATCH_NOT_FOUND`. */
export async function findImageBatch(
  { imageBatches }: Pick<DocumentStore, 'imageBatches'>,
  batchId: string,
): Promise<ImageBatchDocument> {
  const batch = await imageBatches.find(expectId('a batch_id', batchId));
  if (batch) return batch;
  throw new AppError(
    'BATCH_NOT_FOUND',
    `Batch of images ${batchId} does not exist.`,
    { batch_id: batchId },
    { advice: 'list-image-batches' },
  );
}
