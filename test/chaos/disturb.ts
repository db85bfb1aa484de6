import { setTimeout as sleep } from 'node:timers/promises';
import { ServiceError } from '@temporalio/client';
import { expect } from 'vitest';
import type { JobOutcome } from '../../domain/steps.js';
import type { JobHandle } from '../support/jobs.js';
import { type Arena, CLIP_FRAMES } from './arena.js';
import { expectNothingLeft, expectResult } from './check.js';
import type { Trial } from './rounds.js';

/** Share of the frames done at which a fault comes at the latest: later, the job may have ended. */
const LATEST_SHARE = 0.8;

/** Does harm, and heals it where it does not heal by itself. */
export type Fault = (handle: JobHandle, trial: Trial) => Promise<void>;

/** Does harm to a job, and expects nothing to be left of it; see `disturbJob`. */
export async function disturb(...[arena, ...rest]: Parameters<typeof disturbJob>): Promise<number> {
  const recoveredS = await disturbJob(arena, ...rest);
  await expectNothingLeft(arena);
  return recoveredS;
}

/**
 * Starts a job, does the harm at a random moment of it, and expects the result of an undisturbed
 * one. Resolves with the seconds from the harm, or from its healing, to the end of the job.
 */
export async function disturbJob(
  arena: Arena,
  trial: Trial,
  fault: Fault,
  latestShare = LATEST_SHARE,
): Promise<number> {
  const { stack } = arena;
  const rows = await arena.undisturbed(trial.frames);
  await stack.workers.ready();
  const handle = await stack.start(arena.request(trial));
  const ended = endOf(handle);
  await randomMoment(arena, trial, handle, latestShare);
  expect((await handle.describe()).status.name, 'too early an end to disturb').toBe('RUNNING');
  await fault(handle, trial);
  const since = performance.now();
  const { outcome, at } = await ended;
  expect(outcome).toMatchObject({ status: 'ready', frames: CLIP_FRAMES, skipped: 0 });
  await expectResult(stack, trial.eventId, { rows });
  return Math.max(0, at - since) / 1000;
}

/** A share of the frames is done, and some milliseconds passed. */
export async function randomMoment(
  { stack }: Pick<Arena, 'stack'>,
  { random }: Trial,
  handle: JobHandle,
  latestShare = LATEST_SHARE,
): Promise<void> {
  await stack.reached(handle, random.between(0, latestShare) * CLIP_FRAMES);
  await sleep(random.between(0, 500));
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
