import { AppError } from '../errors.js';
import { canonicalJson } from '../hash.js';
import type { ModelRef } from '../model/model-manifest.js';
import { type ImageBatchInput, imageSourceOf } from './batch-request.js';
import type { ImageBatchDocument } from './image-batch.js';

/** Returns the document of a batch that starts. */
export function newImageBatch(
  input: ImageBatchInput,
  batchId: string,
  model: ModelRef,
): ImageBatchDocument {
  const { conf, table, max_failed } = input;
  return {
    ...{ batch_id: batchId, created_at: new Date(), source: imageSourceOf(input), model },
    ...{ conf, table, max_failed, status: 'processing', error: null },
    counts: { total: 0, done: 0, failed: 0 },
    ...{ result: null, closed_at: null },
  };
}

/**
 * Checks that a batch continues a stored one: that it has the same rows.
 * @throws AppError `BATCH_EXISTS`.
 */
export function expectSameBatch(stored: ImageBatchDocument, batch: ImageBatchDocument): void {
  if (identityOf(stored) === identityOf(batch)) return;
  throw new AppError(
    'BATCH_EXISTS',
    `Batch ${batch.batch_id} has other images, another model or another conf. Give another batch_id, or delete the batch.`,
    { batch_id: batch.batch_id },
  );
}

/** Fields of a batch that determine its rows. */
function identityOf({ source, model, conf }: ImageBatchDocument): string {
  return canonicalJson({ source, model, conf });
}
