import {
  CancellationScope,
  continueAsNew,
  ContinueAsNew,
  isCancellation,
  log,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { JobRequest } from '../domain/job/job-input.js';
import type { JobStatus } from '../domain/job/job-status.js';
import { BUCKETS, keys } from '../domain/names.js';
import { searchAttributes } from './search-attributes.js';
import type {
  AssembleInput,
  Assembled,
  JobOutcome,
  OpenedEvent,
  OwnerRun,
  ProbedEvent,
} from '../domain/job/activity-contracts.js';
import { controlActivities, wholeVideoActivities } from './activity-proxies.js';
import { startWebhook } from './start-webhook.js';
import { toUserFailure } from './user-failure.js';
import { detectRange, dropScratch } from './detect-range.js';
import { type JobProgress, trackProgress } from './job-progress.js';
import type { CarriedState } from './types.js';
import { forEachInWindow } from './window.js';

/**
 * Turns a video into per-frame detections: open, probe, detect range by range, assemble, close.
 * Continues as new between drained windows, so that its history stays small at any length. Whoever
 * asked for a webhook is told of its end.
 */
export async function VideoDetection(
  request: JobRequest,
  carried?: CarriedState,
): Promise<JobOutcome> {
  try {
    const outcome = await detectVideo(request, carried);
    await startWebhook(request, outcome.status, null);
    return outcome;
  } catch (error) {
    if (error instanceof ContinueAsNew) throw error;
    if (isCancellation(error)) await startWebhook(request, 'cancelled', null);
    else await startWebhook(request, 'failed', toUserFailure(error).message);
    throw error;
  }
}

async function detectVideo(request: JobRequest, carried?: CarriedState): Promise<JobOutcome> {
  const progress = trackProgress(carried);
  const event = carried?.event ?? (await openEvent(request));
  if (event.finished) return finished(event, event.finished, progress);
  let plan = carried?.plan;
  try {
    plan ??= await probe(event, progress);
    await detectAll(request, event, plan, carried?.nextRange ?? 0, progress);
    const counts = await assemble(event, plan, 'ready', progress);
    return await close(event, 'ready', null, progress, counts);
  } catch (error) {
    if (error instanceof ContinueAsNew) throw error;
    await CancellationScope.nonCancellable(() => closeUnfinished(event, plan, progress, error));
    throw isCancellation(error) ? error : toUserFailure(error);
  }
}

async function openEvent(request: JobRequest): Promise<OpenedEvent> {
  try {
    const event = await controlActivities.openEvent({ request, ...ownerRun() });
    upsertSearchAttributes([
      { key: searchAttributes.EventId, value: event.event_id },
      // They are not encrypted, whatever else is.
      ...(event.sealed
        ? []
        : [
            { key: searchAttributes.VideoId, value: event.video_id },
            { key: searchAttributes.ModelName, value: event.model.name },
          ]),
      { key: searchAttributes.JobStatus, value: 'processing' },
    ]);
    return event;
  } catch (error) {
    throw isCancellation(error) ? error : toUserFailure(error);
  }
}

function finished(event: OpenedEvent, outcome: JobOutcome, progress: JobProgress): JobOutcome {
  log.info('the same job was done before', { event: event.event_id });
  upsertSearchAttributes([{ key: searchAttributes.JobStatus, value: outcome.status }]);
  progress.enter('done');
  return outcome;
}

async function probe(event: OpenedEvent, progress: JobProgress): Promise<ProbedEvent> {
  progress.enter('probing');
  const { event_id, source, parameters, model } = event;
  return wholeVideoActivities.probeVideo.executeWithOptions({ summary: event.video_id }, [
    { event_id, source, parameters, model },
  ]);
}

async function detectAll(
  request: JobRequest,
  event: OpenedEvent,
  plan: ProbedEvent,
  from: number,
  progress: JobProgress,
): Promise<void> {
  progress.plan(plan.sampled_frames);
  progress.enter('detecting');
  const device = { current: event.device.use };
  const { event_id } = event;
  const { plan_key, sampled_frames } = plan;
  const nextRange = await forEachInWindow(
    { from, to: plan.ranges, width: event.window },
    (range) => detectRange(event, { event_id, plan_key, range, sampled_frames }, progress, device),
    () => workflowInfo().continueAsNewSuggested,
  );
  if (nextRange < plan.ranges) {
    const next: CarriedState = { event, plan, nextRange, tally: progress.tally() };
    await continueAsNew<typeof VideoDetection>(request, next);
  }
}

async function assemble(
  event: OpenedEvent,
  plan: ProbedEvent,
  status: AssembleInput['status'],
  progress: JobProgress,
): Promise<Assembled> {
  progress.enter('assembling');
  if (status === 'ready') {
    upsertSearchAttributes([{ key: searchAttributes.JobStatus, value: 'predictable' }]);
  }
  const { event_id, video_id, rerun_of, created_at } = event;
  const device = { asked: event.device.asked, used: progress.tally().used };
  const { plan_key } = plan;
  return wholeVideoActivities.assembleResult({
    event_id,
    video_id,
    rerun_of,
    created_at,
    plan_key,
    device,
    status,
    ...ownerRun(),
  });
}

/** Constant over continuing as new, and over a reset. */
function ownerRun(): OwnerRun {
  return { first_run_id: workflowInfo().firstExecutionRunId };
}

async function close(
  event: OpenedEvent,
  status: Extract<JobStatus, 'ready' | 'failed' | 'cancelled'>,
  error: string | null,
  progress: JobProgress,
  counts?: Assembled,
): Promise<JobOutcome> {
  progress.enter('closing');
  const { used } = progress.tally();
  const { event_id, video_id, model } = event;
  await controlActivities.closeEvent({
    event_id,
    ...ownerRun(),
    status,
    error,
    device_used: used,
    ...(counts && { counts }),
  });
  upsertSearchAttributes([{ key: searchAttributes.JobStatus, value: status }]);
  progress.enter('done');
  return {
    event_id,
    video_id,
    status,
    frames: counts?.frames ?? 0,
    skipped: counts?.skipped ?? 0,
    objects: counts?.objects ?? 0,
    device: { asked: event.device.asked, used },
    model,
    result: { bucket: BUCKETS.results, key: keys.result(event_id) },
  };
}

/** A cancelled job keeps what it detected; a failed one keeps its error. */
async function closeUnfinished(
  event: OpenedEvent,
  plan: ProbedEvent | undefined,
  progress: JobProgress,
  error: unknown,
): Promise<void> {
  await dropScratch(event.event_id, progress.tally().hosts);
  if (!isCancellation(error)) {
    await close(event, 'failed', toUserFailure(error).message, progress);
    return;
  }
  const counts = plan && (await assemble(event, plan, 'cancelled', progress));
  await close(event, 'cancelled', null, progress, counts);
}
