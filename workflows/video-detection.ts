import {
  CancellationScope,
  continueAsNew,
  isCancellation,
  log,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
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
import { detectRange, dropScratch } from './detect-range.js';
import { trackProgress } from './job-progress.js';
import type { PlannedJob, RunningJob } from './running-job.js';
import { startWebhook } from './start-webhook.js';
import type { CarriedState } from './types.js';
import { throwToUser, toUserFailure } from './user-failure.js';
import { forEachInWindow } from './window.js';

/**
 * Turns a video into per-frame detections: opens the event, probes the video, detects range by range,
 * assembles the result, closes the event, and starts the webhook if the job has one. Continues as new
 * between drained windows, so that its history stays small at any length of the video.
 */
export async function VideoDetection(
  request: JobRequest,
  carried?: CarriedState,
): Promise<JobOutcome> {
  const end = await runJob(request, carried).catch(async (error: unknown) => {
    if (isCancellation(error)) await startWebhook(request, 'cancelled', null);
    else await startWebhook(request, 'failed', toUserFailure(error).message);
    throw error;
  });
  if ('nextRange' in end) return continueAsNew<typeof VideoDetection>(request, end);
  await startWebhook(request, end.status, null);
  return end;
}

/** Runs the job to its end, or to where the next run continues. */
async function runJob(
  request: JobRequest,
  carried: CarriedState | undefined,
): Promise<JobOutcome | CarriedState> {
  const progress = trackProgress(carried);
  const event = carried?.event ?? (await openEvent(request));
  const job: RunningJob = { event, progress };
  if (event.finished) return reuseOutcome(job, event.finished);
  let plan = carried?.plan;
  try {
    plan ??= await probeVideo(job);
    const planned: PlannedJob = { ...job, plan, device: event.device.use };
    const nextRange = await detectRanges(planned, carried?.nextRange ?? 0);
    if (nextRange < plan.ranges) return { event, plan, nextRange, tally: progress.tally() };
    const counts = await assembleResult(planned, 'ready');
    return await closeEvent(job, { status: 'ready', error: null, counts });
  } catch (error) {
    await CancellationScope.nonCancellable(() => closeUnfinished(job, plan, error));
    return throwToUser(error);
  }
}

async function openEvent(request: JobRequest): Promise<OpenedEvent> {
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

function reuseOutcome({ event, progress }: RunningJob, outcome: JobOutcome): JobOutcome {
  log.info('job reuses the result of an identical job', { event: event.event_id });
  setStatus(outcome.status);
  progress.enter('done');
  return outcome;
}

async function probeVideo({ event, progress }: RunningJob): Promise<ProbedEvent> {
  progress.enter('probing');
  const { event_id, video_id, source, parameters, model } = event;
  return wholeVideoActivities.probeVideo.executeWithOptions({ summary: video_id }, [
    { event_id, source, parameters, model },
  ]);
}

/** Detects ranges until all are done or the history is long; returns the first range not started. */
async function detectRanges(job: PlannedJob, from: number): Promise<number> {
  const { event, plan, progress } = job;
  progress.plan(plan.sampled_frames);
  progress.enter('detecting');
  return forEachInWindow(
    { from, to: plan.ranges, width: event.window },
    (range) => detectRange(job, range),
    () => workflowInfo().continueAsNewSuggested,
  );
}

async function assembleResult(
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

async function closeEvent(
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
async function closeUnfinished(
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
