import type { EventDocument } from '../../domain/job/event.js';
import { isClosed } from '../../domain/job/job-status.js';
import { BUCKETS, keys } from '../../domain/names.js';
import type { VidetteClientDeps } from '../deps.js';
import { ATTRIBUTES, eventIdOfRun, type Run, startOfChain, statusOfRun } from './runs.js';
import type { Job } from '../types.js';

/** A job as Temporal knows it. */
export async function jobOfRun(deps: VidetteClientDeps, run: Run): Promise<Job> {
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

/** A job that only its event remembers. */
export function jobOfEvent(event: EventDocument): Job {
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
