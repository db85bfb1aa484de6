import type { Collection } from 'mongodb';
import type { ImageBatchDocument } from '../../domain/image-batch/image-batch.js';
import { IMAGE_BATCHES } from '../../domain/collections.js';
import { expectId } from '../../domain/names.js';
import type { ImageBatchStore } from '../../domain/ports/image-batch-store.js';
import { conditionsAfter } from './event-filter.js';
import { insertOnce } from './insert-once.js';
import type { RunQuery } from './mongo-queries.js';

export type StoredImageBatch = ImageBatchDocument & { readonly _id: string };

/** Batches of images in MongoDB. */
export function createImageBatches(
  batches: Collection<StoredImageBatch>,
  run: RunQuery,
): ImageBatchStore {
  const withId = (batchId: string) => ({ _id: expectId('a batch_id', batchId) });
  return {
    insert: (batch) =>
      run(IMAGE_BATCHES, () => insertOnce(batches, { ...withId(batch.batch_id), ...batch })),
    find: async (batchId) => {
      const found = await run(IMAGE_BATCHES, () => batches.findOne(withId(batchId)));
      return found ? withoutId(found) : undefined;
    },
    update: async (batchId, fields) => {
      await run(IMAGE_BATCHES, () => batches.updateOne(withId(batchId), { $set: fields }));
    },
    remove: async (batchId) => {
      await run(IMAGE_BATCHES, () => batches.deleteOne(withId(batchId)));
    },
    list: async ({ limit, after }) => {
      const filter = after
        ? { $and: conditionsAfter<StoredImageBatch>(after.created_at, after.batch_id) }
        : {};
      const options = { limit, sort: { created_at: -1, _id: -1 } } as const;
      const found = await run(IMAGE_BATCHES, () => batches.find(filter, options).toArray());
      return found.map(withoutId);
    },
  };
}

function withoutId({ _id, ...batch }: StoredImageBatch): ImageBatchDocument {
  return batch;
}
