import { isCancellation, log, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type {
  Assembled,
  AssembleInput,
  CloseInput,
  JobOutcome,
  OpenedEvent,
  OwnerRun,
  ProbedEvent,
} from '../domain/job/activity-contracts.js';
import type { JobRequest } from '../domain/job/job-input.js';
import type { JobStatus } from '../domain/job/job-status.js';
import { BUCKETS, keys, SEARCH_ATTRIBUTES } from '../domain/names.js';
import { controlActivities, wholeVideoActivities } from './activity-proxies.js';
import { dropScratch } from './detect-range.js';
import type { PlannedJob, RunningJob } from './running-job.js';
import { throwToUser, toUserFailure } from './user-failure.js';

/** Opens the event of a job, and sets the search attributes that depend on it. */
export async function openEvent(request: JobRequest): Promise<OpenedEvent> {
  const event = await controlActivities.openEvent({ request, ...ownerRun() }).catch(throwToUser);
  upsertSearchAttributes([
    { key: SEARCH_ATTRIBUTES.eventId, value: event.event_id },
    // Search attributes are never encrypted.
    ...(event.sealed
      ? []
      : [
          { key: SEARCH_ATTRIBUTES.videoId, value: event.video_id },
          { key: SEARCH_ATTRIBUTES.model, value: event.model.name },
        ]),
    { key: SEARCH_ATTRIBUTES.status, value: 'processing' },
  ]);
  return event;
}

/** Ends a job whose result an identical job has stored. */
export function reuseOutcome({ event, progress }: RunningJob, outcome: JobOutcome): JobOutcome {
  log.info('job reuses the result of an identical job', { event: event.event_id });
  setStatus(outcome.status);
  progress.enter('done');
  return outcome;
}

/** Probes the video and plans its ranges. */
export async function probeVideo({ event, progress }: RunningJob): Promise<ProbedEvent> {
  progress.enter('probing');
  const { event_id, video_id, source, parameters, model } = event;
  return wholeVideoActivities.probeVideo.executeWithOptions({ summary: video_id }, [
    { event_id, source, parameters, model },
  ]);
}

/** Assembles the stored parts into the result. */
export async function assembleResult(
  { event, plan, progress }: RunningJob & Pick<PlannedJob, 'plan'>,
  status: AssembleInput['status'],
): Promise<Assembled> {
  progress.enter('assembling');
  if (status === 'ready') setStatus('predictable');
  const { event_id, video_id, rerun_of, created_at } = event;
  const device = { asked: event.device.asked, used: progress.tally().used };
  const { plan_key } = plan;
  const input = { event_id, video_id, rerun_of, created_at, plan_key, device, status };
  return wholeVideoActivities.assembleResult({ ...input, ...ownerRun() });
}

/** Writes the end of a job to its event; returns the outcome of the workflow. */
export async function closeEvent(
  { event, progress }: RunningJob,
  end: Pick<CloseInput, 'status' | 'error' | 'counts'>,
): Promise<JobOutcome> {
  progress.enter('closing');
  const { event_id, video_id, model } = event;
  const { used } = progress.tally();
  await controlActivities.closeEvent({ event_id, ...ownerRun(), ...end, device_used: used });
  setStatus(end.status);
  progress.enter('done');
  return {
    ...{ event_id, video_id, status: end.status },
    ...{ frames: 0, skipped: 0, objects: 0, ...end.counts },
    device: { asked: event.device.asked, used },
    model,
    result: { bucket: BUCKETS.results, key: keys.result(event_id) },
  };
}

/** Keeps the detections of a cancelled job and the error of a failed one. */
export async function closeUnfinished(
  job: RunningJob,
  plan: ProbedEvent | undefined,
  error: unknown,
): Promise<void> {
  const { event, progress } = job;
  await dropScratch(event.event_id, progress.tally().hosts);
  if (!isCancellation(error)) {
    const { message } = toUserFailure(error);
    await closeEvent(job, { status: 'failed', error: message });
    return;
  }
  const counts = plan && (await assembleResult({ ...job, plan }, 'cancelled'));
  await closeEvent(job, { status: 'cancelled', error: null, ...(counts && { counts }) });
}

function setStatus(status: JobStatus): void {
  upsertSearchAttributes([{ key: SEARCH_ATTRIBUTES.status, value: status }]);
}

/** Id of the first run, which stays the same when the job continues as new or is reset. */
function ownerRun(): OwnerRun {
  return { first_run_id: workflowInfo().firstExecutionRunId };
}
