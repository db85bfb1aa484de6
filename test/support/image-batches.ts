import type { ImageBatchDocument } from '../../domain/image-batch/image-batch.js';

/** A batch of images that has just started, with some fields changed. */
export function imageBatchDocument(fields: Partial<ImageBatchDocument> = {}): ImageBatchDocument {
  return {
    batch_id: 'images-1',
    created_at: new Date(Date.UTC(2026, 0, 1)),
    source: { bucket: 'incoming', prefix: 'day/' },
    model: { name: 'fish', version: 4, sha256: 'a'.repeat(64) },
    ...{ conf: 0.25, table: 'jsonl.gz', max_failed: 0.05 },
    ...{ status: 'processing', error: null },
    counts: { total: 0, done: 0, failed: 0 },
    ...{ result: null, closed_at: null },
    ...fields,
  };
}
