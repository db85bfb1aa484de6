import type { EventDocument } from '../../domain/job/event.js';
import { isClosed } from '../../domain/job/job-status.js';
import { BUCKETS, keys } from '../../domain/names.js';
import { SEARCH_ATTRIBUTES } from '../../domain/search-attributes.js';
import type { Job } from '../types.js';
import { eventIdOfRun, type Run, statusOfRun } from './runs.js';

/**
 * Returns a job as Temporal describes it, without what only its event has.
 * @param startedAt start of the first run of a chain of continued runs.
 */
export function jobOfRun(run: Run, startedAt = run.startTime): Job {
  const status = statusOfRun(run);
  const eventId = eventIdOfRun(run);
  return {
    event_id: eventId,
    video_id: run.typedSearchAttributes.get(SEARCH_ATTRIBUTES.videoId) ?? null,
    status,
    ...NOT_IN_RUN,
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
    ...factsOfEvent(event),
    workflow_id: event.workflow_id,
    run_id: event.run_id,
    ...timesOf(created_at, event.closed_at ?? undefined),
    error: error === null ? null : { code, message: error },
    result,
  };
}

/** Facts of a job that only its event has, before the event exists. */
const NOT_IN_RUN = {
  video_name: null,
  model: null,
  parameters: null,
  device: null,
  counts: null,
};

/** Returns the facts of a job that only its event has. */
export function factsOfEvent(
  event: EventDocument | undefined,
): Pick<Job, 'video_name' | 'model' | 'parameters' | 'device' | 'counts'> {
  if (!event) return NOT_IN_RUN;
  const { video_name = null, model, parameters, device, frames_done, skipped, objects } = event;
  const isCounted = skipped !== null && objects !== null;
  return {
    ...{ video_name, model, parameters, device },
    counts: isCounted ? { frames: frames_done, skipped, objects } : null,
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
