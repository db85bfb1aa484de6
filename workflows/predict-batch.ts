import {
  ApplicationFailure,
  CancellationScope,
  continueAsNew,
  isCancellation,
  workflowInfo,
} from '@temporalio/workflow';
import type { ImageBatchRequest } from '../domain/image-batch/batch-request.js';
import {
  type ImageBatchOutcome,
  type ImageList,
  type OpenedImageBatch,
  tooManyImagesFailed,
} from '../domain/image-batch/image-batch.js';
import { countShards, slicesOfShard } from '../domain/image-batch/slices.js';
import type { Device } from '../domain/job/task-queues.js';
import { controlActivities, detectActivities, wholeVideoActivities } from './activity-proxies.js';
import { type ImageBatchTally, trackImageBatch } from './image-batch-progress.js';
import { onDevice } from './on-device.js';
import { throwToUser, toUserFailure } from './user-failure.js';
import { forEachInWindow } from './window.js';

type Progress = ReturnType<typeof trackImageBatch>;

/** State that a run passes to the next one when it continues as new. */
interface CarriedImageBatch {
  readonly batch: OpenedImageBatch;
  readonly list: ImageList;
  /** Shard of the next run. */
  readonly shard: number;
  readonly tally: ImageBatchTally;
}

/** A batch whose list is written. */
interface ListedImageBatch {
  readonly batch: OpenedImageBatch;
  readonly list: ImageList;
  readonly progress: Progress;
  /** Device of the next slice, which may change. */
  device: Device;
}

/**
 * Predicts on the images of a bucket: lists them once, predicts slice by slice, and assembles one
 * table. What is stored is never done again, so that a batch that ended in any way continues when it is
 * started again. Continues as new after each shard of the list, so that its history stays small.
 */
export async function PredictBatch(
  request: ImageBatchRequest,
  carried?: CarriedImageBatch,
): Promise<ImageBatchOutcome> {
  const end = await runBatch(request, carried);
  return 'shard' in end ? continueAsNew<typeof PredictBatch>(request, end) : end;
}

/** Runs the batch to its end, or to where the next run continues. */
async function runBatch(
  request: ImageBatchRequest,
  carried: CarriedImageBatch | undefined,
): Promise<ImageBatchOutcome | CarriedImageBatch> {
  const progress = trackImageBatch(carried?.tally);
  const batch = carried?.batch ?? (await openBatch(request, progress));
  try {
    const list = carried?.list ?? (await listImages(batch, progress));
    progress.list(list);
    const shard = carried?.shard ?? 0;
    await predictShard({ batch, list, progress, device: batch.device.use }, shard);
    const next = { batch, list, shard: shard + 1, tally: progress.tally() };
    return next.shard < countShards(list.total) ? next : await assemble(batch, list, progress);
  } catch (error) {
    await CancellationScope.nonCancellable(() => closeUnfinished(batch, progress, error));
    return throwToUser(error);
  }
}

async function openBatch(
  request: ImageBatchRequest,
  progress: Progress,
): Promise<OpenedImageBatch> {
  const first_run_id = workflowInfo().firstExecutionRunId;
  const opening = controlActivities.openImageBatch({ request, first_run_id });
  const batch = await opening.catch((error: unknown) => {
    if (!isCancellation(error)) progress.end('failed', toUserFailure(error).message);
    return throwToUser(error);
  });
  progress.open(batch);
  return batch;
}

function listImages({ batch_id, source }: OpenedImageBatch, progress: Progress) {
  progress.enter('listing');
  return wholeVideoActivities.listPictures({ batch_id, source });
}

/** Predicts on the images of a shard, a bounded number of slices at a time. */
async function predictShard(listed: ListedImageBatch, shard: number): Promise<void> {
  const { batch, list, progress } = listed;
  progress.enter('predicting');
  const slices = { ...slicesOfShard(list.total, shard), width: batch.window };
  await forEachInWindow(
    slices,
    (slice) => predictSlice(listed, slice),
    () => false,
  );
}

/** @throws ApplicationFailure `IMAGES_FAILED` if too many images of the batch have failed. */
async function predictSlice(listed: ListedImageBatch, slice: number): Promise<void> {
  const { batch, list, progress } = listed;
  const { batch_id, model, conf, max_failed } = batch;
  const { bucket } = batch.source;
  const { total } = list;
  const input = { batch_id, bucket, model, conf, slice, total };
  const counts = await onDevice(listed, batch.device.asked, (device, mayChange) => {
    const { predictPictures } = detectActivities(device, { mayChange, eventId: batch_id });
    return predictPictures.executeWithOptions({ summary: `slice ${slice}, ${device}` }, [input]);
  });
  progress.add(counts);
  const { failed, example } = progress.tally();
  const message = tooManyImagesFailed({ total, failed }, max_failed, example);
  if (message === undefined) return;
  throw ApplicationFailure.create({ message, type: 'IMAGES_FAILED', nonRetryable: true });
}

async function assemble(
  { batch_id, table: format }: OpenedImageBatch,
  { total }: ImageList,
  progress: Progress,
): Promise<ImageBatchOutcome> {
  progress.enter('assembling');
  const input = { batch_id, table: format, total };
  const table = await wholeVideoActivities.assembleTable(input);
  progress.enter('closing');
  const counts = progress.counts();
  const end = { status: 'ready', error: null } as const;
  await controlActivities.closeImageBatch({ batch_id, ...end, counts, result: table });
  progress.end('ready', null);
  return { batch_id, ...counts, table };
}

/** Writes the end of a batch that was cancelled or has failed; its parts are kept. */
async function closeUnfinished(
  { batch_id }: OpenedImageBatch,
  progress: Progress,
  error: unknown,
): Promise<void> {
  const isCancelled = isCancellation(error);
  const status = isCancelled ? 'cancelled' : 'failed';
  const message = isCancelled ? null : toUserFailure(error).message;
  const end = { status, error: message, result: null } as const;
  await controlActivities.closeImageBatch({ batch_id, ...end, counts: progress.counts() });
  progress.end(status, message);
}
