import {
  CancellationScope,
  continueAsNew,
  isCancellation,
  workflowInfo,
} from '@temporalio/workflow';
import type { JobOutcome } from '../domain/job/activity-contracts.js';
import type { JobRequest } from '../domain/job/job-input.js';
import { detectRange } from './detect-range.js';
import { followAlerts } from './follow-alerts.js';
import { trackProgress } from './job-progress.js';
import {
  assembleResult,
  closeEvent,
  closeUnfinished,
  openEvent,
  probeVideo,
  reuseOutcome,
  trackObjects,
} from './job-stages.js';
import type { PlannedJob, RunningJob } from './running-job.js';
import { startWebhook } from './start-webhook.js';
import type { CarriedState } from './types.js';
import { throwToUser, toUserFailure } from './user-failure.js';
import { forEachInWindow } from './window.js';

/**
 * Turns a video into per-frame detections: opens the event, probes the video, detects range by range,
 * compares the ranges with the job's alert rules, follows the objects if the job asks for it, assembles
 * the result, closes the event, and starts the webhook if the job has one. Continues as new
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
  const event = carried?.event ?? (await openEvent(request, progress));
  progress.open(event);
  const job: RunningJob = { event, progress };
  if (event.finished) return reuseOutcome(job, event.finished);
  let plan = carried?.plan;
  try {
    plan ??= await probeVideo(job);
    const planned: PlannedJob = { ...job, plan, device: event.device.use };
    const nextRange = await detectRanges(planned, request.alerts, carried?.nextRange ?? 0);
    if (nextRange < plan.ranges) return { event, plan, nextRange, tally: progress.tally() };
    await trackObjects(planned);
    const assembled = await assembleResult(planned, 'ready');
    return await closeEvent(job, { status: 'ready', error: null, assembled });
  } catch (error) {
    await CancellationScope.nonCancellable(() => closeUnfinished(job, plan, error));
    return throwToUser(error);
  }
}

/** Detects ranges until all are done or the history is long; returns the first range not started. */
async function detectRanges(
  job: PlannedJob,
  alerts: JobRequest['alerts'],
  from: number,
): Promise<number> {
  const { event, plan, progress } = job;
  progress.plan(plan);
  progress.enter('detecting');
  const followed = followAlerts(job, alerts, from);
  try {
    return await forEachInWindow(
      { from, to: plan.ranges, width: event.window },
      async (range) => {
        await detectRange(job, range);
        followed.stored(range);
      },
      () => workflowInfo().continueAsNewSuggested,
    );
  } finally {
    await followed.settle();
  }
}
