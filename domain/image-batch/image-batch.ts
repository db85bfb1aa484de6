import type { OwnerRun } from '../job/activity-contracts.js';
import type { JobStatus } from '../job/job-status.js';
import type { Device } from '../job/task-queues.js';
import type { ModelRef } from '../model/model-manifest.js';

/** Formats of the table of a batch; `jsonl.gz` is JSON lines, compressed. */
export const TABLE_FORMATS = ['jsonl.gz', 'csv', 'parquet'] as const;
export type TableFormat = (typeof TABLE_FORMATS)[number];

/** Images of a batch: the objects of a prefix, the files in a zip, or the keys in a list. */
export type ImageSource = { readonly bucket: string } & (
  { readonly prefix: string } | { readonly zip: string } | { readonly list: string }
);

/** Status of a batch; a batch is `ready` when its table exists. */
export type ImageBatchStatus = Exclude<JobStatus, 'predictable'>;

/** Number of images of a batch. */
export interface ImageCounts {
  /** Images in the list; 0 until the list is written. */
  readonly total: number;
  /** Images with a row. */
  readonly done: number;
  /** Rows with an error. */
  readonly failed: number;
}

/** Table of a batch in the object store. */
export interface StoredTable {
  readonly format: TableFormat;
  readonly bucket: string;
  readonly key: string;
  readonly size: number;
}

/** Document of the collection `image_batches`, `_id` = batch_id. */
export interface ImageBatchDocument {
  readonly batch_id: string;
  readonly created_at: Date;
  readonly source: ImageSource;
  readonly model: ModelRef;
  /** Minimum confidence of an object. */
  readonly conf: number;
  readonly table: TableFormat;
  /** Share of the images that may fail before the batch fails. */
  readonly max_failed: number;
  readonly status: ImageBatchStatus;
  readonly error: string | null;
  readonly counts: ImageCounts;
  readonly result: StoredTable | null;
  readonly closed_at: Date | null;
}

/** Input of the activity `openImageBatch`. */
export interface OpenImageBatchInput extends OwnerRun {
  /** As it was given to the workflow. */
  readonly request: unknown;
}

/** A batch that is open: everything about it that is decided once. */
export interface OpenedImageBatch extends Pick<
  ImageBatchDocument,
  'batch_id' | 'source' | 'model' | 'conf' | 'table' | 'max_failed'
> {
  readonly device: { readonly asked: 'auto'; readonly use: Device };
  /** Maximum number of slices in flight. */
  readonly window: number;
  /** Whether payloads are encrypted: then nothing of them goes into search attributes. */
  readonly sealed?: boolean;
}

/** Description of a complete list. */
export interface ImageList {
  readonly total: number;
  /** Objects of the source that are not images by their names. */
  readonly ignored: number;
}

/** Input of the activity `predictPictures`. */
export interface PredictPicturesInput extends Pick<
  ImageBatchDocument,
  'batch_id' | 'model' | 'conf'
> {
  readonly bucket: string;
  readonly slice: number;
  /** Number of images of the list. */
  readonly total: number;
}

/** Counts of a stored part. */
export interface ImagePartCounts {
  readonly images: number;
  readonly failed: number;
  /** One of the failed images. */
  readonly example?: FailedImage;
}

export interface FailedImage {
  readonly key: string;
  readonly error: string;
}

/** Input of the activity `assembleTable`. */
export interface AssembleTableInput extends Pick<ImageBatchDocument, 'batch_id' | 'table'> {
  readonly total: number;
}

/** Input of the activity `closeImageBatch`. */
export interface CloseImageBatchInput {
  readonly batch_id: string;
  readonly status: Exclude<ImageBatchStatus, 'processing'>;
  readonly error: string | null;
  readonly counts: ImageCounts;
  readonly result: StoredTable | null;
}

/** Result of the workflow `PredictBatch`. */
export interface ImageBatchOutcome extends ImageCounts {
  readonly batch_id: string;
  readonly table: StoredTable;
}

export type ImageBatchStage =
  'opening' | 'listing' | 'predicting' | 'assembling' | 'closing' | 'done';

/** Result of the query `progress` of the workflow `PredictBatch`. */
export interface ImageBatchProgress extends ImageCounts {
  readonly stage: ImageBatchStage;
  /** Images per second since the prediction started. */
  readonly images_per_s: number;
  /** Seconds that are left; null while unknown. */
  readonly eta_s: number | null;
}

/**
 * Returns the message of a batch of which too many images failed; undefined if it may continue.
 * @param example one of the failed images.
 */
export function tooManyImagesFailed(
  { total, failed }: Pick<ImageCounts, 'total' | 'failed'>,
  maxFailed: number,
  example: FailedImage | undefined,
): string | undefined {
  const allowed = Math.floor(maxFailed * total);
  if (failed <= allowed) return undefined;
  const first = example ? ` (${example.key}: ${example.error})` : '';
  return (
    `${failed} of ${total} images failed${first}; the limit is ${allowed}. Correct or remove ` +
    'them, or start the batch again with a higher max_failed: it continues with the rows it has.'
  );
}
