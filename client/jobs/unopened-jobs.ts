import type { ListOptions, WorkflowExecutionInfo } from '@temporalio/client';
import type { JobStatus } from '../../domain/job/job-status.js';
import { expectId, VIDEO_DETECTION } from '../../domain/names.js';
import type { EventPosition } from '../../domain/ports/document-store.js';
import type { Job } from '../types.js';
import { jobOfRun } from './job-views.js';
import { statusOfRun } from './runs.js';

/** A job whose workflow has not written its event: it has just started, or failed before that. */
export interface UnopenedJob extends EventPosition {
  readonly job: Job;
}

/** The part of a client of Temporal that lists runs. */
export interface RunList {
  readonly workflow: { list(options: ListOptions): AsyncIterable<WorkflowExecutionInfo> };
}

/** Statuses of jobs without an event; the others are reached through the event. */
const STATUSES: readonly JobStatus[] = ['processing', 'failed', 'cancelled'];
/** Maximum number of runs in one response of Temporal. */
const PAGE_SIZE = 1000;

/**
 * Lists the jobs that have no event, by one query to Temporal's visibility: a workflow sets
 * `JobStatus` when it has written its event. Of the runs of a job, only the newest is returned.
 * @param batchId lists only jobs that this batch has started.
 */
export async function listUnopenedJobs(
  temporal: RunList,
  status?: JobStatus,
  batchId?: string,
): Promise<UnopenedJob[]> {
  if (status && !STATUSES.includes(status)) return [];
  const ofBatch = batchId === undefined ? '' : ` AND Batch = '${expectId('a batch_id', batchId)}'`;
  const query = `WorkflowType = '${VIDEO_DETECTION}' AND JobStatus IS NULL${ofBatch}`;
  const newest = new Map<string, WorkflowExecutionInfo>();
  for await (const run of temporal.workflow.list({ query, pageSize: PAGE_SIZE })) {
    const other = newest.get(run.workflowId);
    if (!other || other.startTime < run.startTime) newest.set(run.workflowId, run);
  }
  return [...newest.values()]
    .filter((run) => status === undefined || statusOfRun(run) === status)
    .map((run) => toUnopenedJob(run));
}

function toUnopenedJob(run: WorkflowExecutionInfo): UnopenedJob {
  const job = jobOfRun(run);
  return { created_at: run.startTime, event_id: job.event_id, job };
}
