import type { Readable } from 'node:stream';
import pMap from 'p-map';
import { deletedJobs } from '../../domain/job/batch.js';
import { batchWorkflowIdOf } from '../../domain/workflow-ids.js';
import { isWorkflowNotFound } from '../../domain/temporal-runs.js';
import { callTemporal, iterateTemporal } from '../../domain/temporal-unavailable.js';
import type { VidetteClientDeps } from '../deps.js';
import { decodeCursor, encodeCursor } from '../jobs/page-cursor.js';
import { poll } from '../jobs/poll.js';
import type { WatchOptions } from '../jobs/watch.js';
import { PAGE_LIMIT } from '../paging.js';
import type { PageOptions } from '../types.js';
import { batchCsv } from './batch-csv.js';
import { type Batch, readBatch } from './batch-view.js';
import { findBatch } from './find-batch.js';
import { findWebhook } from './find-webhook.js';
import { type BatchStartOptions, runBatch, startBatch, type StartedBatch } from './start-batch.js';

/** Batches, newest first, and the cursor of the next page; null on the last one. */
export interface BatchPage {
  readonly batches: readonly Batch[];
  readonly next: string | null;
}

/** Batches of videos: their jobs are listed by `jobPage({ batch })`. */
export interface Batches {
  /**
   * Starts the jobs of stored videos, a few at a time. The same videos with the same model and options
   * are the same batch, whose failed, cancelled and deleted jobs run again if it is not running.
   */
  start(videoIds: readonly string[], options?: BatchStartOptions): Promise<StartedBatch>;
  /** Returns the state of a batch. @throws AppError `BATCH_NOT_FOUND`. */
  get(batchId: string): Promise<Batch>;
  /** Yields the state of a batch, by default every second, until all of its jobs have closed. */
  status(batchId: string, options?: WatchOptions): AsyncIterable<Batch>;
  list(options?: PageOptions): Promise<BatchPage>;
  /**
   * Runs the jobs of a closed batch again that are neither ready nor deleted, with the webhook of its last run while
   * Temporal keeps that run.
   */
  retry(batchId: string): Promise<Batch>;
  /** Cancels a batch with the jobs that it has started; jobs that ran before continue. */
  cancel(batchId: string): Promise<Batch>;
  /** Lists the event ids of the jobs that were deleted, in the order of the batch. */
  deletedJobs(batchId: string): Promise<readonly string[]>;
  /** Streams the objects of all jobs that are ready as one CSV; its first column is `video`. */
  csv(batchId: string): Promise<Readable>;
}

const EVERY_MS = 1000;
/** Batches of a page that are read at the same time. */
const CONCURRENCY = 4;

/** Creates the API of batches. */
export function createBatches(deps: VidetteClientDeps): Batches {
  const call = <T>(work: () => Promise<T>) => callTemporal(deps.temporal, work);
  const get = async (batchId: string) => readBatch(deps, await findBatch(deps.documents, batchId));
  return {
    start: (videoIds, options) => call(() => startBatch(deps, videoIds, options)),
    get: (batchId) => call(() => get(batchId)),
    status: (batchId, options) =>
      iterateTemporal(
        deps.temporal,
        watch(() => get(batchId), options),
      ),
    list: (options) => call(() => listBatches(deps, options)),
    retry: (batchId) =>
      call(async () => {
        const batch = await findBatch(deps.documents, batchId);
        await runBatch(deps, batch, { webhook: await findWebhook(deps.temporal, batchId) });
        return readBatch(deps, batch);
      }),
    cancel: (batchId) =>
      call(async () => {
        const batch = await findBatch(deps.documents, batchId);
        await requestCancellation(deps, batchId);
        return readBatch(deps, batch);
      }),
    deletedJobs: (batchId) => listDeleted(deps, batchId),
    csv: (batchId) => batchCsv(deps, batchId),
  };
}

/** Yields the state of a batch until it closes; continues through restarts of Temporal. */
function watch(
  read: () => Promise<Batch>,
  { signal, everyMs = EVERY_MS }: WatchOptions = {},
): AsyncGenerator<Batch, void> {
  return poll(read, { isLast: ({ status }) => status !== 'processing', everyMs, signal });
}

async function listBatches(
  deps: VidetteClientDeps,
  { limit = PAGE_LIMIT, cursor }: PageOptions = {},
): Promise<BatchPage> {
  const place = cursor === undefined ? undefined : decodeCursor(cursor);
  const after = place && { created_at: place.created_at, batch_id: place.event_id };
  const found = await deps.documents.batches.list({ limit: limit + 1, after });
  const page = found.slice(0, limit);
  const last = found.length > limit ? page.at(-1) : undefined;
  return {
    batches: await pMap(page, (batch) => readBatch(deps, batch), { concurrency: CONCURRENCY }),
    next: last ? encodeCursor({ created_at: last.created_at, event_id: last.batch_id }) : null,
  };
}

async function listDeleted(
  { documents }: VidetteClientDeps,
  batchId: string,
): Promise<readonly string[]> {
  const batch = await findBatch(documents, batchId);
  const statuses = await documents.findStatuses(batch.deleted ?? []);
  return deletedJobs(batch, statuses).map(({ event_id }) => event_id);
}

/** Does nothing to a batch that has closed. */
async function requestCancellation(
  { temporal }: VidetteClientDeps,
  batchId: string,
): Promise<void> {
  try {
    await temporal.workflow.getHandle(batchWorkflowIdOf(batchId)).cancel();
  } catch (error) {
    if (!isWorkflowNotFound(error)) throw error;
  }
}
