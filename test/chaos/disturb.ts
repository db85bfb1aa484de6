import { setTimeout as sleep } from 'node:timers/promises';
import { ServiceError } from '@temporalio/client';
import { expect } from 'vitest';
import type { JobOutcome } from '../../domain/job/activity-contracts.js';
import type { JobHandle } from '../support/jobs.js';
import { type ChaosHarness, CLIP_FRAMES } from './harness.js';
import { expectNothingLeft, expectResult } from './check.js';
import { FaultNotInjected } from './fault-not-injected.js';
import type { Trial } from './rounds.js';

/** Latest share of frames done at which a fault is injected; later, the job may have ended. */
const LATEST_SHARE = 0.8;
/** Maximum number of milliseconds from that share to the fault. */
const LATEST_MS = 500;
/** Maximum number of jobs that are started to inject one fault. */
const ATTEMPTS = 5;

/** Injects a fault, and repairs it if it does not pass by itself. */
export type Fault = (handle: JobHandle, trial: Trial) => Promise<void>;

/** Disturbs a job as `disturbJob` does, and expects nothing of it to remain. */
export async function disturb(
  ...[harness, ...rest]: Parameters<typeof disturbJob>
): Promise<number> {
  const recoveredS = await disturbJob(harness, ...rest);
  await expectNothingLeft(harness);
  return recoveredS;
}

/**
 * Starts a job, injects the fault at a random moment, and expects the result of an undisturbed
 * job. Resolves with the seconds from the fault, or from its repair, to the end of the job.
 */
export async function disturbJob(
  harness: ChaosHarness,
  trial: Trial,
  fault: Fault,
  latestShare = LATEST_SHARE,
): Promise<number> {
  const { stack } = harness;
  const rows = await harness.undisturbed(trial.frames);
  await stack.workers.ready();
  const { handle, eventId } = await amidJob(harness, trial, latestShare);
  const ended = endOf(handle);
  await fault(handle, trial);
  const since = performance.now();
  const { outcome, at } = await ended;
  expect(outcome).toMatchObject({ status: 'ready', frames: CLIP_FRAMES, skipped: 0 });
  await expectResult(stack, eventId, { rows });
  return Math.max(0, at - since) / 1000;
}

/** Starts a job and resolves at a random moment of it. */
export async function amidJob(
  harness: ChaosHarness,
  trial: Trial,
  latestShare = LATEST_SHARE,
): Promise<{ readonly handle: JobHandle; readonly eventId: string }> {
  const { stack } = harness;
  const { random } = trial;
  return untilInTime(trial, async (eventId, attempt) => {
    const handle = await stack.start(harness.request({ ...trial, eventId }));
    await stack.reached(handle, (random.between(0, latestShare) * CLIP_FRAMES) / attempt);
    await sleep(random.between(0, LATEST_MS) / attempt);
    const { status } = await handle.describe();
    return status.name === 'RUNNING' ? { handle, eventId } : undefined;
  });
}

/**
 * Starts jobs until one is disturbed before it ends; on a fast machine the first may end too early.
 * Each further job is disturbed earlier.
 *
 * @param start Starts a job under the given event_id; undefined if it ended too early. The second
 *   argument, 1 or more, divides the time until the fault.
 */
export async function untilInTime<T>(
  { eventId }: Trial,
  start: (eventId: string, attempt: number) => Promise<T | undefined>,
): Promise<T> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const disturbed = await start(attempt === 1 ? eventId : `${eventId}-${attempt}`, attempt);
    if (disturbed !== undefined) return disturbed;
  }
  throw new FaultNotInjected(`${ATTEMPTS} jobs ended before the fault was injected`);
}

/** Waits for the end of a job, also while Temporal is unavailable. */
export async function endOf(
  handle: JobHandle,
): Promise<{ readonly outcome: JobOutcome; readonly at: number }> {
  for (;;) {
    try {
      const outcome = await handle.result();
      return { outcome, at: performance.now() };
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      await sleep(200);
    }
  }
}
