import type { ImageBatchDocument } from '../../domain/image-batch/image-batch.js';
import type { ImageBatchPosition, ImageBatchStore } from '../../domain/ports/image-batch-store.js';

/** Batches of images in memory. */
export function createMemoryImageBatches(): ImageBatchStore {
  const batches = new Map<string, ImageBatchDocument>();
  return {
    insert: async (batch) => {
      await Promise.resolve();
      if (batches.has(batch.batch_id)) return false;
      batches.set(batch.batch_id, batch);
      return true;
    },
    find: (batchId) => Promise.resolve(batches.get(batchId)),
    update: async (batchId, fields) => {
      await Promise.resolve();
      const batch = batches.get(batchId);
      if (batch) batches.set(batchId, { ...batch, ...fields });
    },
    remove: async (batchId) => {
      await Promise.resolve();
      batches.delete(batchId);
    },
    list: async ({ limit, after }) => {
      await Promise.resolve();
      return [...batches.values()]
        .filter((batch) => !after || compare(batch, after) > 0)
        .sort(compare)
        .slice(0, limit);
    },
  };
}

/** Newest first; batches of one time by id, descending. */
function compare(a: ImageBatchPosition, b: ImageBatchPosition): number {
  const age = b.created_at.getTime() - a.created_at.getTime();
  if (age !== 0 || a.batch_id === b.batch_id) return age;
  return a.batch_id < b.batch_id ? 1 : -1;
}
