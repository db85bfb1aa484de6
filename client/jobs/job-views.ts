import type { EventDocument } from '../../domain/job/event.js';
import { isClosed } from '../../domain/job/job-status.js';
import { BUCKETS, keys, SEARCH_ATTRIBUTES } from '../../domain/names.js';
import type { Job } from '../types.js';
import { eventIdOfRun, type Run, statusOfRun } from './runs.js';

/**
 * Returns a job as Temporal describes it; only its event has the model.
 * @param startedAt start of the first run of a chain of continued runs.
 */
export function jobOfRun(run: Run, startedAt = run.startTime): Job {
  const status = statusOfRun(run);
  const eventId = eventIdOfRun(run);
  return {
    event_id: eventId,
    video_id: run.typedSearchAttributes.get(SEARCH_ATTRIBUTES.videoId) ?? null,
    status,
    model: null,
    workflow_id: run.workflowId,
    run_id: run.runId,
    ...timesOf(startedAt, run.closeTime),
    error: null,
    result: status === 'ready' ? { bucket: BUCKETS.results, key: keys.result(eventId) } : null,
  };
}

/** Returns a job as its event describes it. */
export function jobOfEvent(event: EventDocument): Job {
  const { event_id, video_id, status, error, created_at, result } = event;
  const code = status === 'cancelled' ? 'JOB_TERMINATED' : 'JOB_FAILED';
  return {
    ...{ event_id, video_id, status },
    model: event.model,
    workflow_id: event.workflow_id,
    run_id: event.run_id,
    ...timesOf(created_at, event.closed_at ?? undefined),
    error: error === null ? null : { code, message: error },
    result,
  };
}

/** Returns a job that Temporal has deleted: one that is still open can no longer finish. */
export function jobOfForgotten(event: EventDocument): Job {
  const job = { ...jobOfEvent(event), workflow_id: null };
  if (isClosed(job.status)) return job;
  const message = 'Temporal no longer has this job, and it was not finished. Submit it again.';
  return { ...job, status: 'failed', seconds: null, error: { code: 'JOB_FAILED', message } };
}

function timesOf(start: Date, end: Date | undefined) {
  return {
    started_at: start.toISOString(),
    closed_at: end?.toISOString() ?? null,
    seconds: ((end ?? new Date()).getTime() - start.getTime()) / 1000,
  };
}
