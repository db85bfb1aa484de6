import {
  defineQuery,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import type {
  FailedImage,
  ImageBatchProgress,
  ImageBatchStage,
  ImageBatchStatus,
  ImageCounts,
  ImageList,
  ImagePartCounts,
  OpenedImageBatch,
} from '../domain/image-batch/image-batch.js';
import { PROGRESS_QUERY } from '../domain/job/progress.js';
import { SEARCH_ATTRIBUTES } from '../domain/search-attributes.js';
import { describeImageBatch } from './image-batch-details.js';

const progressQuery = defineQuery<ImageBatchProgress>(PROGRESS_QUERY);

/** Counts of a batch over all of its runs. */
export interface ImageBatchTally {
  readonly done: number;
  readonly failed: number;
  /** One of the failed images. */
  readonly example?: FailedImage;
  /** Milliseconds since the epoch; null until the prediction starts. */
  readonly predictingSince: number | null;
}

const START: ImageBatchTally = { done: 0, failed: 0, predictingSince: null };

/** Handles the query `progress`, and updates the details and search attributes in Temporal. */
export function trackImageBatch(carried: ImageBatchTally = START) {
  let stage: ImageBatchStage = carried === START ? 'opening' : 'predicting';
  let tally = carried;
  let total = 0;
  let ignored = 0;
  let end: { readonly status: ImageBatchStatus; readonly note: string | null } | undefined;
  const counts = (): ImageCounts => ({ total, done: tally.done, failed: tally.failed });
  const progress = () => progressOf(stage, counts(), tally);
  const show = () => setCurrentDetails(describeImageBatch({ progress: progress(), ignored, end }));
  setHandler(progressQuery, progress, {
    description: 'Stage, images done, failed and total, images per second, seconds left.',
  });
  return {
    counts,
    tally: () => tally,
    open: (batch: OpenedImageBatch) => {
      indexOpened(batch);
      show();
    },
    enter: (next: ImageBatchStage) => {
      stage = next;
      const starts = next === 'predicting' && tally.predictingSince === null;
      if (starts) tally = { ...tally, predictingSince: Date.now() };
      show();
    },
    list: (list: ImageList) => {
      ({ total, ignored } = list);
    },
    add: ({ images, failed, example = tally.example }: ImagePartCounts) => {
      const [done, allFailed] = [tally.done + images, tally.failed + failed];
      tally = { ...tally, done, failed: allFailed, ...(example && { example }) };
      show();
    },
    end: (status: ImageBatchStatus, note: string | null) => {
      stage = 'done';
      end = { status, note };
      upsertSearchAttributes([{ key: SEARCH_ATTRIBUTES.status, value: status }]);
      show();
    },
  };
}

/** Search attributes are never encrypted: with encrypted payloads, only id and status are set. */
function indexOpened({ batch_id, model, sealed }: OpenedImageBatch): void {
  upsertSearchAttributes([
    { key: SEARCH_ATTRIBUTES.batch, value: batch_id },
    { key: SEARCH_ATTRIBUTES.status, value: 'processing' },
    ...(sealed ? [] : [{ key: SEARCH_ATTRIBUTES.model, value: model.name }]),
  ]);
}

function progressOf(
  stage: ImageBatchStage,
  counts: ImageCounts,
  { predictingSince }: ImageBatchTally,
): ImageBatchProgress {
  // In a query, the current time is that of the last event of the workflow.
  const seconds = predictingSince === null ? 0 : (Date.now() - predictingSince) / 1000;
  const perSecond = seconds > 0 ? counts.done / seconds : 0;
  const left = counts.total - counts.done;
  return {
    ...{ stage, ...counts },
    images_per_s: Math.round(perSecond * 10) / 10,
    eta_s: perSecond > 0 ? Math.round(left / perSecond) : null,
  };
}
