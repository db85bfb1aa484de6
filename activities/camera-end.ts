import { setTimeout as sleep } from 'node:timers/promises';
import { ApplicationFailure, type Context } from '@temporalio/activity';
import type { ErrorCode } from '../domain/errors.js';
import { STREAM_QUEUE } from '../domain/job/task-queues.js';
import type { ScenarioRuns } from '../domain/ports/scenario-runs.js';
import type { TaskQueues } from '../domain/ports/task-queues.js';
import { isAwayFor } from '../domain/stream/away.js';
import type { WatchedWindow } from '../domain/stream/scenario-contracts.js';
import type { DesiredState } from '../domain/stream/scenario-control.js';
import type { CameraAttachment, DetachReason } from '../streams/camera-host.js';

export interface CameraEndDeps {
  readonly runs: ScenarioRuns;
  readonly queues: TaskQueues;
  /** Returns the end of the day of a scenario, in ms since 1970. */
  readonly dayEndOf: (scenarioUuid: string, now: number) => number;
  /** Interval between checks whether a scenario waits for the slot of a camera that is away, in ms. */
  readonly yieldCheckMs: number;
}

/** How an attempt to watch a camera ends, and what happens to the camera. */
export interface CameraEnd {
  readonly end: WatchedWindow['end'];
  readonly detach: DetachReason;
}

export interface WatchedCamera {
  readonly scenarioUuid: string;
  /** Seconds without the camera after which its slot goes to a waiting scenario. */
  readonly yieldAfterS: number;
  readonly attachment: CameraAttachment;
}

/** Step and maximum of the time for which a slot is given away, in ms. */
const YIELD_MS = { step: 60_000, max: 600_000 };

/** A camera that is requested to do this is left running only for new parameters. */
const DETACH: Readonly<Record<DesiredState, DetachReason>> = {
  running: 'hand_over',
  paused: 'paused',
  stopped: 'stopped',
};

/**
 * Waits for the end of an attempt: of the file or the day, or by the workflow.
 * @throws CancelledFailure if the worker stops, or Temporal has given up the attempt.
 * @throws ApplicationFailure `CAMERA_AWAY` if a waiting scenario gets the slot.
 */
export async function waitForEnd(
  deps: CameraEndDeps,
  context: Context,
  camera: WatchedCamera,
): Promise<CameraEnd> {
  const over = new AbortController();
  try {
    return await Promise.race([
      camera.attachment.ended.then((): CameraEnd => ({ end: 'file', detach: 'stopped' })),
      context.cancelled.catch((error: unknown) => endRequested(deps, context, error)),
      endOfDay(deps, camera, over.signal),
      yieldSlot(deps, context, camera, over.signal),
    ]);
  } finally {
    over.abort();
  }
}

/** The workflow cancels to pause, stop or change the scenario; its query reports which. */
async function endRequested(
  { runs }: CameraEndDeps,
  { info, cancellationDetails }: Context,
  error: unknown,
): Promise<CameraEnd> {
  if (!cancellationDetails?.cancelRequested) throw error;
  const run = info.workflowExecution!; // it is an activity of a workflow
  const desired = (await runs.desired(run)) ?? 'running';
  return { end: 'detached', detach: DETACH[desired] };
}

async function endOfDay(
  { dayEndOf }: CameraEndDeps,
  { scenarioUuid }: WatchedCamera,
  signal: AbortSignal,
): Promise<CameraEnd> {
  const now = Date.now();
  await pause(dayEndOf(scenarioUuid, now) - now, signal);
  return { end: 'day', detach: 'hand_over' };
}

/** Rejects when the camera has been away for some time and another scenario waits for its slot. */
async function yieldSlot(
  { queues, yieldCheckMs }: CameraEndDeps,
  { info: { attempt } }: Context,
  { attachment, yieldAfterS }: WatchedCamera,
  signal: AbortSignal,
): Promise<never> {
  for (;;) {
    await pause(yieldCheckMs, signal);
    if (!isAwayFor(yieldAfterS, attachment.status(), Date.now())) continue;
    const { waiting } = await queues.state(STREAM_QUEUE).catch(() => ({ waiting: 0 }));
    if (waiting > 0) throw cameraAway(attachment.status().message, attempt);
  }
}

function cameraAway(message: string, attempt: number): ApplicationFailure {
  return ApplicationFailure.create({
    type: 'CAMERA_AWAY' satisfies ErrorCode,
    message: `${message} Another scenario gets the slot for some minutes.`,
    nextRetryDelay: Math.min(attempt * YIELD_MS.step, YIELD_MS.max),
  });
}

/** Waits; never resolves if the signal aborts. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return sleep(ms, undefined, { signal }).catch(() => new Promise(() => undefined));
}
