import {
  ApplicationFailure,
  continueAsNew,
  executeChild,
  isCancellation,
  log,
  ParentClosePolicy,
  patched,
  workflowInfo,
} from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { EndedBeforeInput, PrunedJobs, PruneRequest } from '../domain/job/deletion.js';
import { deletionWorkflowIdOf } from '../domain/workflow-ids.js';
import { deletionActivities, listingActivities } from './activity-proxies.js';
import { DeleteJob } from './delete-job.js';
import { forEachInWindow } from './window.js';

/** Number of jobs that are pruned at the same time. */
const WIDTH = 4;

/** State that a run passes to the next one when it continues as new. */
interface CarriedPruning {
  readonly before: string;
  readonly after?: string;
  readonly counts: Counts;
}

/** Numbers of jobs. */
type Counts = Record<'pruned' | 'kept' | 'failed', number>;

/**
 * Deletes the jobs that ended before a time, or only their frames, and then the rescorings, batches of
 * images and retrainings that are as old. A job that cannot be pruned does not stop the others.
 */
export async function PruneJobs(
  request: PruneRequest,
  carried?: CarriedPruning,
): Promise<PrunedJobs> {
  const before = carried?.before ?? timeBefore(request.older_than_s);
  const counts: Counts = carried?.counts ?? { pruned: 0, kept: 0, failed: 0 };
  let after = carried?.after;
  for (;;) {
    const query = { before, after, frames_only: request.frames_only };
    const { event_ids, next } = await listingActivities.listPrunable(query);
    const work = async (index: number) => {
      counts[await prune(event_ids[index]!, before, request)]++;
    };
    const page = { from: 0, to: event_ids.length, width: WIDTH };
    await forEachInWindow(page, work, () => false);
    if (next === undefined) return { ...counts, ...(await pruneOthers(before, request)) };
    after = next;
    if (!workflowInfo().continueAsNewSuggested) continue;
    return continueAsNew<typeof PruneJobs>(request, { before, after, counts });
  }
}

type OtherCounts = Pick<PrunedJobs, 'rescorings' | 'image_batches' | 'retrainings'>;

/** Removes what has no frames; returns the numbers. */
async function pruneOthers(before: string, { frames_only }: PruneRequest): Promise<OtherCounts> {
  const { pruneRescorings, pruneImageBatches, pruneRetrainings } = deletionActivities;
  const none = { rescorings: 0, image_batches: 0, retrainings: 0 };
  if (frames_only || !patched('prune-rescorings')) return none;
  const rescorings = (await pruneRescorings({ before })).pruned;
  if (!patched('prune-batches-and-retrainings')) return { ...none, rescorings };
  const image_batches = (await pruneImageBatches({ before })).pruned;
  const retrainings = (await pruneRetrainings({ before })).pruned;
  return { rescorings, image_batches, retrainings };
}

/** @throws ApplicationFailure `INVALID_INPUT` if no date is that long ago. */
function timeBefore(seconds: number): string {
  const time = Date.now() - seconds * 1000;
  if (seconds >= 0 && Number.isFinite(time) && time > 0) return new Date(time).toISOString();
  throw ApplicationFailure.create({
    message: `Expected older_than_s to be an age in seconds, received ${seconds}.`,
    type: 'INVALID_INPUT',
    nonRetryable: true,
  });
}

/** Prunes a job; returns the count to which it belongs. */
async function prune(
  event_id: string,
  ended_before: string,
  { frames_only }: PruneRequest,
): Promise<keyof Counts> {
  try {
    const work = frames_only ? deleteFrames : deleteJob;
    return (await work({ event_id, ended_before })) ? 'pruned' : 'kept';
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('job not pruned', { event: event_id, reason: String(error) });
    return 'failed';
  }
}

/** Returns whether the frames of the job were deleted, or it was kept. */
async function deleteFrames({ event_id, ended_before }: EndedBeforeInput): Promise<boolean> {
  if (!(await listingActivities.endedBefore({ event_id, ended_before }))) return false;
  await deletionActivities.deleteJobData({ event_id, frames_only: true });
  return true;
}

/**
 * Deletes a job in a workflow that continues when this one ends; one that is being deleted counts as
 * deleted. Returns whether it was deleted, or kept.
 */
async function deleteJob(request: EndedBeforeInput): Promise<boolean> {
  try {
    const { kept } = await executeChild(DeleteJob, {
      workflowId: deletionWorkflowIdOf(request.event_id),
      args: [request],
      parentClosePolicy: ParentClosePolicy.ABANDON,
    });
    return !kept;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return true;
    throw error;
  }
}
