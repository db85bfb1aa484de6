import { setTimeout as sleep } from 'node:timers/promises';
import { ServiceError } from '@temporalio/client';
import { expect } from 'vitest';
import type { JobOutcome } from '../../domain/job/activity-contracts.js';
import type { JobHandle } from '../support/jobs.js';
import { type ChaosHarness, CLIP_FRAMES } from './harness.js';
import { expectNothingLeft, expectResult } from './check.js';
import { NoHarmDone } from './no-harm-done.js';
import type { Trial } from './rounds.js';

/** Share of the frames done at which a fault comes at the latest: later, the job may have ended. */
const LATEST_SHARE = 0.8;
/** Milliseconds from that share to the fault, at most. */
const LATEST_MS = 500;
/** Jobs that may end before their fault. */
const ATTEMPTS = 5;

/** Does harm, and heals it where it does not heal by itself. */
export type Fault = (handle: JobHandle, trial: Trial) => Promise<void>;

/** Does harm to a job, and expects nothing to be left of it; see `disturbJob`. */
export async function disturb(
  ...[harness, ...rest]: Parameters<typeof disturbJob>
): Promise<number> {
  const recoveredS = await disturbJob(harness, ...rest);
  await expectNothingLeft(harness);
  return recoveredS;
}

/**
 * Starts a job, does the harm at a random moment of it, and expects the result of an undisturbed
 * one. Resolves with the seconds from the harm, or from its healing, to the end of the job.
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
 * A job that ends before it is disturbed, as it may on a fast machine, is followed by another, which
 * is disturbed earlier.
 *
 * @param start starts a job under the given event_id; undefined: it ended too early. Its second
 *   argument, 1 and more, is what to divide the time by.
 */
export async function untilInTime<T>(
  { eventId }: Trial,
  start: (eventId: string, attempt: number) => Promise<T | undefined>,
): Promise<T> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const disturbed = await start(attempt === 1 ? eventId : `${eventId}-${attempt}`, attempt);
    if (disturbed !== undefined) return disturbed;
  }
  throw new NoHarmDone(`${ATTEMPTS} jobs ended before the fault was injected`);
}

/** Waits for the end of a job, also while Temporal is away. */
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
