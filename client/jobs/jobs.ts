import { WorkflowFailedError } from '@temporalio/client';
import { messageOf } from '../../domain/errors.js';
import { isClosed, type JobStatus } from '../../domain/job/job-status.js';
import type { VidetteClientDeps } from '../deps.js';
import { type JobPage, jobPage } from './job-pages.js';
import { jobOfEvent, jobOfRun } from './job-views.js';
import { failureOf } from './outcome.js';
import { findRun, jobNotFound, type Run, statusOfRun } from './runs.js';
import type { Job, JobDetails, JobError } from '../types.js';
import { readProgress } from './watch.js';

export interface ListJobsOptions {
  /** Default: 20. */
  readonly limit?: number;
  readonly status?: JobStatus;
}

const LIMIT = 20;

/** One look at a job. @throws AppError `JOB_NOT_FOUND`. */
export async function getJob(deps: VidetteClientDeps, eventId: string): Promise<JobDetails> {
  const run = await findRun(deps.temporal, eventId);
  const event = await deps.documents?.findEvent(eventId);
  if (!run && !event) throw jobNotFound(eventId);
  const job = run ? await jobOfRun(deps, run) : jobOfEvent(event!); // one of them is there
  const progress = await readProgress(deps, eventId);
  const error = run ? await errorOf(deps, run) : job.error;
  return { ...job, error, progress, rerun_of: event?.rerun_of ?? null };
}

/** The newest jobs first: those that Temporal knows, then those of the document store. */
export async function listJobs(
  deps: VidetteClientDeps,
  { limit = LIMIT, status }: ListJobsOptions = {},
): Promise<Job[]> {
  const jobs: Job[] = [];
  let cursor: string | undefined;
  do {
    const page: JobPage = await jobPage(deps, { limit: limit - jobs.length, status, cursor });
    jobs.push(...page.jobs);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined && jobs.length < limit);
  return jobs.slice(0, limit);
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
