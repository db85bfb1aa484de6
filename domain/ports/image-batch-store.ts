import type { ImageBatchDocument } from '../image-batch/image-batch.js';

/** Place of a batch in the list, which is sorted by time and then by id, both descending. */
export type ImageBatchPosition = Pick<ImageBatchDocument, 'batch_id' | 'created_at'>;

/** Batches of images. */
export interface ImageBatchStore {
  /** Inserts a batch; does nothing and returns false if its id exists. */
  insert(batch: ImageBatchDocument): Promise<boolean>;
  find(batchId: string): Promise<ImageBatchDocument | undefined>;
  /** Changes fields of a batch if it exists. */
  update(batchId: string, fields: Partial<ImageBatchDocument>): Promise<void>;
  /** Removes a batch if it exists. */
  remove(batchId: string): Promise<void>;
  /** Batches after a place, newest first. */
  list(page: {
    readonly limit: number;
    readonly after?: ImageBatchPosition | undefined;
  }): Promise<ImageBatchDocument[]>;
}
