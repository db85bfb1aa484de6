import { log } from '@temporalio/activity';
import type { CloseImageBatchInput } from '../../domain/image-batch/image-batch.js';
import type { DocumentStore } from '../../domain/ports/document-store.js';

/** Writes the end of a batch to its document. */
export async function closeImageBatch(
  { documents }: { readonly documents: Pick<DocumentStore, 'imageBatches'> },
  { batch_id, status, error, counts, result }: CloseImageBatchInput,
): Promise<void> {
  const end = { status, error, counts, closed_at: new Date() };
  // A table of an earlier run remains valid.
  await documents.imageBatches.update(batch_id, { ...end, ...(result && { result }) });
  log.info('batch of images closed', { batch: batch_id, status, ...counts });
}
