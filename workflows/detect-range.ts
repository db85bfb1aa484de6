import { ActivityFailure, ApplicationFailure, CancellationScope } from '@temporalio/workflow';
import type { RangeInput } from '../domain/job/activity-contracts.js';
import { tooManyFailed } from '../domain/recovery/failed-frames.js';
import { createRecovery } from '../domain/recovery/recovery.js';
import type { PartCounts } from '../domain/result/result.js';
import {
  cleanupActivities,
  detectActivities,
  hostActivities,
  rangeActivities,
} from './activity-proxies.js';
import { isNotStarted, onDevice } from './on-device.js';
import { rangeSummary } from './range-summary.js';
import type { PlannedJob } from './running-job.js';

/**
 * Processes one range: stores its frames, if the job asks for it, then detects their objects.
 * @throws ApplicationFailure `FRAMES_FAILED` if the model failed on too many frames of the job.
 */
export async function detectRange(job: PlannedJob, range: number): Promise<void> {
  const { event, plan, progress } = job;
  const input = { event_id: event.event_id, plan_key: plan.plan_key, range };
  if (event.parameters.derived_from !== undefined) {
    progress.add(await deriveFromSource(job, input));
    return;
  }
  if (event.parameters.frames !== 'none') await storeRange(job, input);
  progress.add(await detectOnDevice(job, input));
  const { failed, failure } = progress.tally();
  const allowance = {
    max_failed: event.parameters.max_failed,
    sampled_frames: plan.sampled_frames,
  };
  const message = tooManyFailed(failed, allowance, failure);
  if (message !== undefined) {
    throw ApplicationFailure.create({ message, type: 'FRAMES_FAILED', nonRetryable: true });
  }
}

/** Extracts, preprocesses and stores frames; extracts them again if their host is lost. */
async function storeRange({ plan, progress }: PlannedJob, input: RangeInput): Promise<void> {
  const options = { summary: rangeSummary(plan, input.range) };
  const recovery = createRecovery();
  for (;;) {
    const { extractFrames } = rangeActivities(input.event_id);
    const extracted = await extractFrames.executeWithOptions(options, [input]);
    if (extracted.stored) return;
    progress.usesHost(extracted.host_queue);
    const host = hostActivities(extracted.host_queue, input.event_id);
    try {
      await host.preprocessFrames.executeWithOptions(options, [input]);
      await host.storeFrames.executeWithOptions(options, [input]);
      return;
    } catch (error) {
      if (!isHostLost(error) || recovery.next('hostLost') === 'fail') throw error;
    }
  }
}

/** Filters the detections of the job that this one is derived from. */
function deriveFromSource({ plan }: PlannedJob, input: RangeInput): Promise<PartCounts> {
  const { deriveRange } = rangeActivities(input.event_id);
  return deriveRange.executeWithOptions({ summary: rangeSummary(plan, input.range) }, [input]);
}

/** Detects a range on the device of the job. */
function detectOnDevice(job: PlannedJob, input: RangeInput): Promise<PartCounts> {
  return onDevice(job, job.event.device.asked, (device, mayChange) => {
    const options = { summary: rangeSummary(job.plan, input.range, device) };
    const { detectObjects } = detectActivities(device, { mayChange, eventId: input.event_id });
    return detectObjects.executeWithOptions(options, [input]);
  });
}

function isHostLost(error: unknown): boolean {
  const isScratchLost =
    error instanceof ActivityFailure &&
    error.cause instanceof ApplicationFailure &&
    error.cause.type === 'SCRATCH_LOST';
  return isScratchLost || isNotStarted(error);
}

/**
 * Removes the files of an unfinished job from its hosts. A host that does not reply removes them when
 * it starts again.
 */
export async function dropScratch(eventId: string, hosts: readonly string[]): Promise<void> {
  await CancellationScope.nonCancellable(async () => {
    const drops = hosts.map((queue) => cleanupActivities(queue).dropScratch({ event_id: eventId }));
    await Promise.allSettled(drops);
  });
}
