import type { Collection } from 'mongodb';
import type { BatchDocument } from '../../domain/job/batch.js';
import { BATCHES } from '../../domain/collections.js';
import { expectId } from '../../domain/names.js';
import type { BatchStore } from '../../domain/ports/batch-store.js';
import { conditionsAfter } from './event-filter.js';
import { insertOnce } from './insert-once.js';
import type { RunQuery } from './mongo-queries.js';

export type StoredBatch = BatchDocument & { readonly _id: string };

/** Batches in MongoDB. */
export function createBatches(batches: Collection<StoredBatch>, run: RunQuery): BatchStore {
  return {
    insert: async (batch) => {
      const document = { _id: expectId('a batch_id', batch.batch_id), ...batch };
      await run(BATCHES, () => insertOnce(batches, document));
    },
    find: async (batchId) => {
      const filter = { _id: expectId('a batch_id', batchId) };
      const found = await run(BATCHES, () => batches.findOne(filter));
      return found ? withoutId(found) : undefined;
    },
    findByJob: async (eventId) => {
      const filter = { 'jobs.event_id': expectId('an event_id', eventId) };
      return (await run(BATCHES, () => batches.find(filter).toArray())).map(withoutId);
    },
    markDeleted: async (eventId) => {
      const filter = { 'jobs.event_id': expectId('an event_id', eventId) };
      const change = { $addToSet: { deleted: eventId } };
      await run(BATCHES, () => batches.updateMany(filter, change));
    },
    clearDeleted: async (batchId) => {
      const filter = { _id: expectId('a batch_id', batchId) };
      await run(BATCHES, () => batches.updateOne(filter, { $unset: { deleted: '' } }));
    },
    remove: async (batchId) => {
      const filter = { _id: expectId('a batch_id', batchId) };
      await run(BATCHES, () => batches.deleteOne(filter));
    },
    list: async ({ limit, after }) => {
      const filter = after
        ? { $and: conditionsAfter<StoredBatch>(after.created_at, after.batch_id) }
        : {};
      const options = { limit, sort: { created_at: -1, _id: -1 } } as const;
      return (await run(BATCHES, () => batches.find(filter, options).toArray())).map(withoutId);
    },
  };
}

function withoutId({ _id, ...batch }: StoredBatch): BatchDocument {
  return batch;
}
