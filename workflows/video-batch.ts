import {
  CancellationScope,
  ChildWorkflowFailure,
  type ChildWorkflowOptions,
  continueAsNew,
  defineQuery,
  executeChild,
  isCancellation,
  ParentClosePolicy,
  setCurrentDetails,
  setHandler,
  TerminatedFailure,
  WorkflowIdReusePolicy,
} from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  BATCH_WINDOW,
  type BatchJob,
  type BatchRequest,
  type BatchSlice,
  type BatchTally,
  formatJobCounts,
} from '../domain/job/batch.js';
import { PROGRESS_QUERY } from '../domain/job/progress.js';
import { fairnessKeyOf, workflowIdOf } from '../domain/workflow-ids.js';
import { SEARCH_ATTRIBUTES } from '../domain/search-attributes.js';
import { controlActivities } from './activity-proxies.js';
import { throwToUser } from './user-failure.js';
import { VideoDetection } from './video-detection.js';
import { forEachInWindow } from './window.js';

/** State that a run of a batch passes to the next one when it continues as new. */
interface CarriedBatch {
  /** Index of the first job that is not started. */
  readonly next: number;
  readonly tally: BatchTally;
}

const START: CarriedBatch = {
  next: 0,
  tally: { total: 0, ready: 0, failed: 0, cancelled: 0, deleted: 0, joined: 0 },
};

const progressQuery = defineQuery<BatchTally>(PROGRESS_QUERY);

/**
 * Runs the jobs of a batch that are not ready, a bounded number at a time. A job that fails does not
 * stop the others, and a job that runs already is not started again. Cancellation cancels the jobs that
 * the batch has started. Continues as new after each slice of the jobs, so that its history stays small.
 */
export async function VideoBatch(
  request: BatchRequest,
  carried: CarriedBatch = START,
): Promise<BatchTally> {
  const { batch_id, again = false } = request;
  let { tally } = carried;
  setHandler(progressQuery, () => tally, { description: 'Number of jobs by how they ended.' });
  const slice = await controlActivities
    .readBatch({ batch_id, from: carried.next, ...(again && { again }) })
    .catch(throwToUser);
  const deleted = count(tally.deleted) + count(slice.deleted);
  tally = { ...tally, total: slice.total, ready: tally.ready + slice.ready, deleted };
  const run = async (index: number) => {
    const end = await runJob(request, slice, slice.jobs[index]!); // the window is within the jobs
    tally = { ...tally, [end]: tally[end] + 1 };
    setCurrentDetails(`${formatJobCounts(tally)} of ${tally.total} jobs`);
  };
  const all = { from: 0, to: slice.jobs.length, width: BATCH_WINDOW };
  await forEachInWindow(all, run, () => false);
  const { next, total } = slice;
  return next < total ? continueAsNew<typeof VideoBatch>(request, { next, tally }) : tally;
}

/** Number of an earlier run or activity, whose build did not count deleted jobs. */
const count = (number: number | undefined) => number ?? 0;

/** Runs a job and returns how it ended. */
async function runJob(
  request: BatchRequest,
  slice: BatchSlice,
  job: BatchJob,
): Promise<Exclude<keyof BatchTally, 'total' | 'deleted'>> {
  try {
    await executeChild(VideoDetection, childOptions(request, slice, job));
    return 'ready';
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return 'joined';
    if (CancellationScope.current().consideredCancelled) throw error;
    if (isCancellation(error)) return 'cancelled';
    if (!(error instanceof ChildWorkflowFailure)) throw error;
    return error.cause instanceof TerminatedFailure ? 'cancelled' : 'failed';
  }
}

function childOptions(
  { batch_id, webhook }: BatchRequest,
  { options, priority, sealed }: BatchSlice,
  job: BatchJob,
) {
  const { event_id, video_id } = job;
  return {
    workflowId: workflowIdOf(event_id),
    args: [{ ...options, ...job, ...(webhook && { webhook }) }],
    staticSummary: `${video_id}, ${options.model ?? 'default model'}`,
    // A batch that is terminated leaves its jobs running.
    parentClosePolicy: ParentClosePolicy.ABANDON,
    workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
    priority: {
      fairnessKey: fairnessKeyOf(event_id),
      ...(priority !== null && { priorityKey: priority }),
    },
    typedSearchAttributes: [
      { key: SEARCH_ATTRIBUTES.eventId, value: event_id },
      { key: SEARCH_ATTRIBUTES.batch, value: batch_id },
      ...(sealed ? [] : [{ key: SEARCH_ATTRIBUTES.videoId, value: video_id }]),
    ],
  } satisfies ChildWorkflowOptions & { args: Parameters<typeof VideoDetection> };
}
