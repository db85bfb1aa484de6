import { type WorkflowExecutionDescription, WorkflowFailedError } from '@temporalio/client';
import { messageOf } from '../../domain/errors.js';
import type { EventDocument } from '../../domain/job/event.js';
import { isClosed } from '../../domain/job/job-status.js';
import { isRunning } from '../../domain/temporal-runs.js';
import type { VidetteClientDeps } from '../deps.js';
import { factsOfEvent, jobOfForgotten, jobOfRun } from './job-views.js';
import { failureOf } from './outcome.js';
import { findRun, jobNotFound, startOfChain, statusOfRun } from './runs.js';
import type { Job, JobDetails, JobError } from '../types.js';
import { findStuckError } from './stuck-run.js';
import { readProgress } from './watch.js';

/** Returns a job with its progress. @throws AppError `JOB_NOT_FOUND`. */
export async function getJob(deps: VidetteClientDeps, eventId: string): Promise<JobDetails> {
  const run = await findRun(deps.temporal, eventId);
  const event = await deps.documents.findEvent(eventId);
  const job = run ? await describeKnownJob(deps, run, event) : event && jobOfForgotten(event);
  if (!job) throw jobNotFound(eventId);
  const progress = await readProgress(deps, eventId);
  return { ...job, progress, rerun_of: event?.rerun_of ?? null };
}

/**
 * Describes a job that Temporal knows. Its event adds the facts that Temporal does not have, and the
 * video, which Temporal does not index if payloads are encrypted.
 */
async function describeKnownJob(
  deps: VidetteClientDeps,
  run: WorkflowExecutionDescription,
  event: EventDocument | undefined,
): Promise<Job> {
  const job = jobOfRun(run, await startOfChain(deps.temporal, run));
  return {
    ...job,
    video_id: job.video_id ?? event?.video_id ?? null,
    ...factsOfEvent(event),
    error: await errorOf(deps, run),
  };
}

async function errorOf(
  { temporal }: VidetteClientDeps,
  run: WorkflowExecutionDescription,
): Promise<JobError | null> {
  const { workflowId, runId, status } = run;
  if (isRunning(run)) return (await findStuckError(temporal, run)) ?? null;
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

/** Requests the cancellation of a job and returns it; does nothing to a job that is closed. */
export async function cancelJob(deps: VidetteClientDeps, eventId: string): Promise<JobDetails> {
  const run = await findRun(deps.temporal, eventId);
  if (run && !isClosed(statusOfRun(run))) {
    await deps.temporal.workflow.getHandle(run.workflowId).cancel();
  }
  return getJob(deps, eventId);
}
