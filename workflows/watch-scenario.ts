import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  condition,
  isCancellation,
  log,
  sleep,
  TimeoutFailure,
  workflowInfo,
} from '@temporalio/workflow';
import type { ErrorCode } from '../domain/errors.js';
import { STREAM_QUEUE } from '../domain/job/task-queues.js';
import type { WatchedWindow } from '../domain/stream/scenario-contracts.js';
import { cameraActivities, controlActivities } from './activity-proxies.js';
import { ownerRun, type RunningScenario } from './running-scenario.js';

/** Pause after another epoch was found to own the log: only a workflow that was reset has to wait. */
const REOPEN_PAUSE = '1s';

/**
 * Watches the camera of a scenario, one activity after another.
 * @returns how it ends: the scenario was stopped, its file has ended, or it continues in a new run.
 * @throws CancelledFailure if the workflow is cancelled, ActivityFailure if the input is wrong.
 */
export async function watchScenario(
  running: RunningScenario,
): Promise<'stopped' | 'ended' | 'continues'> {
  for (;;) {
    if (CancellationScope.current().consideredCancelled) throw new CancelledFailure('cancelled');
    if (running.desired === 'stopped') return 'stopped';
    if (workflowInfo().continueAsNewSuggested) return 'continues';
    if (running.desired === 'paused') {
      await condition(() => running.desired !== 'paused');
      continue;
    }
    const watched = await watchOnce(running);
    if (watched?.end === 'file') return 'ended';
    if (watched?.end === 'day') return 'continues';
  }
}

/** Runs one activity; undefined if it did not start, or another one continues. */
async function watchOnce(running: RunningScenario): Promise<WatchedWindow | undefined> {
  const queue = running.hostQueue ?? STREAM_QUEUE;
  running.hostQueue = null;
  try {
    const watched = await runActivity(running, queue);
    // A paused scenario has no camera that a host could keep.
    running.hostQueue = running.desired === 'running' ? watched.host_queue : null;
    running.absence = 'worker_lost';
    return watched;
  } catch (error) {
    if (isCancellation(error) || hasMoved(error)) return undefined;
    if (typeOf(error) !== ('SCENARIO_TAKEN_OVER' satisfies ErrorCode)) throw error;
    await reopen(running);
    return undefined;
  }
}

async function runActivity(running: RunningScenario, queue: string): Promise<WatchedWindow> {
  const { scenario, model, window } = running.opened!; // it is opened before it is watched
  running.opened = { ...running.opened!, window: window + 1 };
  const { startedAt: started_at, absence } = running;
  const input = { scenario, model, window, started_at, absence };
  const summary = `${scenario.camera_id}, ${scenario.fps} fps`;
  const scope = new CancellationScope();
  running.interrupt = () => scope.cancel();
  try {
    const { watchCamera } = cameraActivities(queue);
    return await scope.run(() => watchCamera.executeWithOptions({ summary }, [input]));
  } finally {
    running.interrupt = () => undefined;
  }
}

/** Whether an activity of a host's queue did not find its camera there. */
function hasMoved(error: unknown): boolean {
  if (typeOf(error) === ('SLOT_TAKEN' satisfies ErrorCode)) return true;
  const cause = error instanceof ActivityFailure ? error.cause : undefined;
  return cause instanceof TimeoutFailure && cause.timeoutType === 'SCHEDULE_TO_START';
}

function typeOf(error: unknown): string | null | undefined {
  const cause = error instanceof ActivityFailure ? error.cause : undefined;
  return cause instanceof ApplicationFailure ? cause.type : undefined;
}

/** A workflow that was reset repeats windows, which are in the log: it continues with a free one. */
async function reopen(running: RunningScenario): Promise<void> {
  const opened = running.opened!; // it was watched
  log.warn('log has another owner, continuing with a newer epoch', { window: opened.window });
  await sleep(REOPEN_PAUSE);
  const request = opened.scenario;
  const input = { request, started_at: running.startedAt, ...ownerRun() };
  const { window } = await controlActivities.openScenario(input);
  running.opened = { ...running.opened!, window };
}
