import { WorkflowFailedError } from '@temporalio/client';
import { messageOf } from '../domain/errors.js';
import type { EventDocument } from '../domain/event.js';
import { isClosed, type JobStatus } from '../domain/job-status.js';
import { BUCKETS, keys, VIDEO_DETECTION } from '../domain/names.js';
import type { VidetteClientDeps } from './deps.js';
import { failureOf } from './outcome.js';
import {
  ATTRIBUTES,
  describeRun,
  eventIdOfRun,
  findRun,
  jobNotFound,
  type Run,
  startOfChain,
  statusOfRun,
} from './runs.js';
import type { Job, JobDetails, JobError } from './types.js';
import { look } from './watch.js';

export interface ListJobsOptions {
  /** Default: 20. */
  readonly limit?: number;
  readonly status?: JobStatus;
}

const LIMIT = 20;

/** States of Temporal in which a job of this status is. */
const STATES: Record<JobStatus, readonly string[]> = {
  processing: ['Running'],
  predictable: ['Running'],
  ready: ['Completed'],
  failed: ['Failed', 'TimedOut'],
  cancelled: ['Canceled', 'Terminated'],
};

/** One look at a job. @throws AppError `JOB_NOT_FOUND`. */
export async function getJob(deps: VidetteClientDeps, eventId: string): Promise<JobDetails> {
  const run = await findRun(deps.temporal, eventId);
  const event = await deps.documents?.findEvent(eventId);
  if (!run && !event) throw jobNotFound(eventId);
  const job = run ? await jobOfRun(deps, run) : jobOfEvent(event!); // one of them is there
  const progress = await look(deps, eventId);
  const error = run ? await errorOf(deps, run) : job.error;
  return { ...job, error, progress, rerun_of: event?.rerun_of ?? null };
}

/** The newest jobs first: those that Temporal knows, then those of the document store. */
export async function listJobs(
  deps: VidetteClientDeps,
  { limit = LIMIT, status }: ListJobsOptions = {},
): Promise<Job[]> {
  const jobs = new Map<string, Job>();
  for await (const run of deps.temporal.workflow.list({ query: queryOf(status) })) {
    if (jobs.size >= limit) break;
    if (status !== undefined && isClosed(status) && !(await isLast(deps, run))) continue;
    const job = await jobOfRun(deps, run);
    const isNewest = !jobs.has(job.event_id);
    if (isNewest && (status === undefined || job.status === status)) jobs.set(job.event_id, job);
  }
  if (jobs.size < limit) await addForgotten(deps, jobs, { limit, status });
  return [...jobs.values()];
}

/** Whether no later run of the same workflow, after a reset or a restart, is the job's own. */
async function isLast({ temporal }: VidetteClientDeps, { workflowId, runId }: Run) {
  return (await describeRun(temporal, workflowId))?.runId === runId;
}

function queryOf(status: JobStatus | undefined): string {
  const state =
    status === undefined
      ? "ExecutionStatus != 'ContinuedAsNew'"
      : `ExecutionStatus IN (${STATES[status].map((name) => `'${name}'`).join(', ')})`;
  return `WorkflowType = '${VIDEO_DETECTION}' AND ${state}`;
}

async function addForgotten(
  { documents, temporal }: VidetteClientDeps,
  jobs: Map<string, Job>,
  { limit, status }: { readonly limit: number; readonly status: JobStatus | undefined },
): Promise<void> {
  for (const event of (await documents?.listEvents(limit)) ?? []) {
    if (jobs.size >= limit) return;
    const isWanted = status === undefined || event.status === status;
    if (!isWanted || jobs.has(event.event_id)) continue;
    // Temporal may know it in another state: then its word counts.
    if (await findRun(temporal, event.event_id)) continue;
    jobs.set(event.event_id, jobOfEvent(event));
  }
}

async function jobOfRun(deps: VidetteClientDeps, run: Run): Promise<Job> {
  const status = statusOfRun(run);
  const eventId = eventIdOfRun(run);
  const started = await startOfChain(deps.temporal, run);
  const end = run.closeTime?.getTime() ?? Date.now();
  return {
    event_id: eventId,
    video_id: run.typedSearchAttributes.get(ATTRIBUTES.videoId) ?? null,
    status,
    model: run.typedSearchAttributes.get(ATTRIBUTES.model) ?? null,
    workflow_id: run.workflowId,
    run_id: run.runId,
    started_at: started.toISOString(),
    closed_at: run.closeTime?.toISOString() ?? null,
    seconds: (end - started.getTime()) / 1000,
    error: null,
    result: status === 'ready' ? resultOf(eventId) : null,
  };
}

function resultOf(eventId: string) {
  return { bucket: BUCKETS.results, key: keys.result(eventId) };
}

function jobOfEvent(event: EventDocument): Job {
  const status = isClosed(event.status) ? event.status : 'failed';
  const lost = 'Temporal no longer knows this job, and it was not finished.';
  const message = event.error ?? (isClosed(event.status) ? null : lost);
  const { ready_at, created_at } = event;
  return {
    event_id: event.event_id,
    video_id: event.video_id,
    status,
    model: event.model.name,
    workflow_id: null,
    run_id: event.run_id,
    started_at: created_at.toISOString(),
    closed_at: ready_at?.toISOString() ?? null,
    seconds: ready_at ? (ready_at.getTime() - created_at.getTime()) / 1000 : null,
    error:
      message === null
        ? null
        : { code: status === 'cancelled' ? 'JOB_TERMINATED' : 'JOB_FAILED', message },
    result: event.result,
  };
}

async function errorOf(
  { temporal }: VidetteClientDeps,
  { workflowId, runId, status }: Run,
): Promise<JobError | null> {
  if (!['FAILED', 'TIMED_OUT', 'TERMINATED'].includes(status.name)) return null;
  try {
    await temporal.workflow.getHandle(workflowId, runId).result();
    return null;
  } catch (error) {
    if (!(error instanceof WorkflowFailedError))
      return { code: 'JOB_FAILED', message: messageOf(error) };
    const { code, message } = failureOf(error, workflowId);
    return { code, message };
  }
}

/** Cancels a job and resolves with it as it is then; one that is done stays as it is. */
export async function cancelJob(deps: VidetteClientDeps, eventId: string): Promise<JobDetails> {
  const run = await findRun(deps.temporal, eventId);
  if (run && !isClosed(statusOfRun(run))) {
    await deps.temporal.workflow.getHandle(run.workflowId).cancel();
  }
  return getJob(deps, eventId);
}
