import type { BatchDocument } from '../job/batch.js';

/** Place of a batch in the list, which is sorted by time and then by id, both descending. */
export type BatchPosition = Pick<BatchDocument, 'batch_id' | 'created_at'>;

/** Batches of videos. */
export interface BatchStore {
  /** Inserts a batch; does nothing if its id exists. */
  insert(batch: BatchDocument): Promise<void>;
  find(batchId: string): Promise<BatchDocument | undefined>;
  /** Batches that list a job. */
  findByJob(eventId: string): Promise<BatchDocument[]>;
  /** Adds a job to the deleted ones of each batch that lists it, once. */
  markDeleted(eventId: string): Promise<void>;
  /** Removes all deleted jobs from that list of a batch. */
  clearDeleted(batchId: string): Promise<void>;
  /** Removes a batch if it exists. */
  remove(batchId: string): Promise<void>;
  /** Batches after a place, newest first. */
  list(page: {
    readonly limit: number;
    readonly after?: BatchPosition | undefined;
  }): Promise<BatchDocument[]>;
}
