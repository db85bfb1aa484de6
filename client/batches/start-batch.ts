import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import pMap from 'p-map';
import { AppError } from '../../domain/errors.js';
import { eventIdOf, fingerprintOf } from '../../domain/hash.js';
import type { BatchDocument, BatchJob, BatchRequest } from '../../domain/job/batch.js';
import { batchIdOf, distinctVideos } from '../../domain/job/batch-id.js';
import { type JobInput, parametersOf, parseJobInput } from '../../domain/job/job-input.js';
import { VIDEO_QUEUE } from '../../domain/job/task-queues.js';
import type { ModelManifest } from '../../domain/model/model-manifest.js';
import { VIDEO_BATCH } from '../../domain/names.js';
import { batchWorkflowIdOf } from '../../domain/workflow-ids.js';
import type { VideoBatch } from '../../workflows/index.js';
import type { VidetteClientDeps } from '../deps.js';
import { findModel, findVideo } from '../jobs/job-sources.js';
import { checkPriority, identify } from '../jobs/submit.js';
import type { SubmitOptions } from '../types.js';
import { readBatch } from './batch-view.js';

/** @throws AppError `INVALID_INPUT`: the URLs of channels must not get into the document of the batch. */
function expectNoAlerts(options: object): void {
  if (!('alerts' in options) || options.alerts === undefined) return;
  throw new AppError('INVALID_INPUT', 'A batch has no alerts. Submit its videos as single jobs.');
}

/** Options of all jobs of a batch. */
export type BatchStartOptions = Omit<SubmitOptions, 'event_id' | 'onIngest' | 'alerts'>;

/** A batch that was started; `started` is false if it is running, or if all of its jobs are ready. */
export interface StartedBatch {
  readonly batch_id: string;
  readonly workflow_id: string;
  readonly started: boolean;
  /** Jobs in the order of the batch. */
  readonly jobs: readonly BatchJob[];
}

/** Simultaneous requests for videos. */
const CONCURRENCY = 8;

/**
 * Starts the jobs of stored videos as a batch. The same videos with the same model and options are the
 * same batch, whose unfinished and deleted jobs run again if it is not running.
 */
export async function startBatch(
  deps: VidetteClientDeps,
  videoIds: readonly string[],
  { force = false, priority, signal, webhook, ...options }: BatchStartOptions = {},
): Promise<StartedBatch> {
  checkPriority(priority);
  expectNoAlerts(options);
  const inputs = distinctVideos(videoIds).map((video_id) =>
    parseJobInput({ ...options, webhook, video_id }),
  );
  const model = await findModel(deps, inputs[0]!); // there is one, and all have the same model
  const toJob = (input: JobInput) => identifyJob(deps, { input, model, force });
  const jobs = await pMap(inputs, toJob, { concurrency: CONCURRENCY, signal });
  const batch: BatchDocument = {
    batch_id: batchIdOf(jobs),
    created_at: new Date(),
    options: { ...options, model: `${model.name}@${model.version}` },
    priority: priority ?? null,
    jobs,
  };
  await deps.documents.batches.insert(batch);
  const { batch_id } = batch;
  const started = await runBatch(deps, batch, { webhook, again: true });
  return { batch_id, workflow_id: batchWorkflowIdOf(batch_id), started, jobs };
}

interface NewBatchJob {
  readonly input: JobInput;
  readonly model: ModelManifest;
  readonly force: boolean;
}

async function identifyJob(
  { objects, temporal }: VidetteClientDeps,
  { input, model, force }: NewBatchJob,
): Promise<BatchJob> {
  const { etag } = await findVideo(objects, input);
  const parameters = parametersOf(input);
  const fingerprint = fingerprintOf({ videoEtag: etag, model, parameters });
  const { video_id } = input;
  const derived = eventIdOf(video_id, fingerprint);
  return { video_id, ...(await identify(temporal, { event_id: undefined, derived, force })) };
}

/**
 * Runs the jobs of a batch that are not ready, and those that were deleted if it is started again;
 * returns false if it is running, or if there are none.
 */
export async function runBatch(
  deps: VidetteClientDeps,
  batch: BatchDocument,
  { webhook, again = false }: Pick<BatchRequest, 'webhook' | 'again'>,
): Promise<boolean> {
  const { total, ready, deleted } = await readBatch(deps, batch);
  if (total === (again ? ready : ready + deleted)) return false;
  const { batch_id, options } = batch;
  try {
    await deps.temporal.workflow.start<typeof VideoBatch>(VIDEO_BATCH, {
      taskQueue: VIDEO_QUEUE,
      workflowId: batchWorkflowIdOf(batch_id),
      args: [{ batch_id, ...(again && { again }), ...(webhook && { webhook }) }],
      staticSummary: `${total} videos, ${options.model ?? 'default model'}`,
    });
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}
