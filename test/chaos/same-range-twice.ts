import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { JobHandle } from '../support/jobs.js';
import { lanesOf } from '../support/processes.js';
import { secondFolder, startSecondMachine } from '../support/second-machine.js';
import type { ChaosHarness } from './harness.js';
import { expectNoScratch, expectNothingLeft } from './check.js';
import { disturbJob, type Fault } from './disturb.js';
import { FaultNotInjected } from './fault-not-injected.js';
import type { Random } from './random.js';
import type { Trial } from './rounds.js';
import { trySignal } from './signals.js';

/** Time for messages that a worker sent before it was frozen. */
const SETTLES_MS = 500;
const LOOKS_FOR_MS = 20_000;
/** Beyond the heartbeat timeout, so that Temporal gives the ranges to another worker. */
const FROZEN_MS = [12_000, 15_000] as const;
/** Share of the frames done up to which both workers still have ranges. */
const HAS_RANGES_UNTIL = 0.5;
/** Time in which a thawed worker completes late calls. */
const ZOMBIE_MS = 2000;

/** Freezes a worker next to a second machine, and expects nothing to remain on either. */
export async function sameRangeTwice(harness: ChaosHarness, trial: Trial): Promise<number> {
  const second = await startSecondMachine(harness.stack);
  let recoveredS;
  try {
    const fault: Fault = (handle, { random }) => {
      const workers = [harness.stack.workers, second].map((machine) =>
        machine.pid('detect_worker'),
      );
      return freezeOneOf(workers, random, handle);
    };
    recoveredS = await disturbJob(harness, trial, fault, HAS_RANGES_UNTIL);
    await expectNoScratch(secondFolder(harness.stack));
  } finally {
    await second.stop();
  }
  await expectNothingLeft(harness);
  return recoveredS;
}

/** Freezes a detect worker that has a range, and thaws it when another worker has it too. */
async function freezeOneOf(
  workers: readonly number[],
  random: Random,
  handle: JobHandle,
): Promise<void> {
  const frozen = await freezeAtWork(workers, handle);
  await sleep(random.between(...FROZEN_MS));
  thaw(frozen);
  await expectTwice(handle);
  await sleep(ZOMBIE_MS);
}

/**
 * Freezes a worker that has a range, with its lanes; resolves with the frozen processes.
 * @throws FaultNotInjected if no worker kept a range for long enough.
 */
async function freezeAtWork(workers: readonly number[], handle: JobHandle): Promise<number[]> {
  for (const until = Date.now() + LOOKS_FOR_MS; Date.now() < until; await sleep(20)) {
    const [worker] = await atWork(workers, handle);
    if (worker === undefined) continue;
    const frozen = [worker, ...(await lanesOf(worker))];
    for (const pid of frozen) trySignal(pid, 'SIGSTOP');
    await sleep(SETTLES_MS);
    if ((await atWork([worker], handle)).length > 0) return frozen;
    thaw(frozen);
  }
  await handle.result(); // The next attempt starts without this job.
  throw new FaultNotInjected(`no worker with a range was found in ${LOOKS_FOR_MS / 1000} s`);
}

function thaw(frozen: readonly number[]): void {
  for (const pid of frozen) trySignal(pid, 'SIGCONT');
}

/** Returns the workers that have a range of the job; their identity in Temporal is `pid@host`. */
async function atWork(workers: readonly number[], handle: JobHandle): Promise<number[]> {
  const { raw } = await handle.describe();
  const names = (raw.pendingActivities ?? []).map(({ lastWorkerIdentity }) => lastWorkerIdentity);
  return workers.filter((pid) => names.some((name) => name?.startsWith(`${pid}@`)));
}

/** Expects Temporal to have assigned a range of the frozen worker to another one. */
async function expectTwice(handle: JobHandle): Promise<void> {
  const { events } = await handle.fetchHistory();
  const { raw } = await handle.describe();
  const done = (events ?? []).flatMap((event) => event.activityTaskStartedEventAttributes ?? []);
  const attempts = [...done, ...(raw.pendingActivities ?? [])].map(({ attempt }) => attempt ?? 0);
  expect(Math.max(0, ...attempts)).toBeGreaterThan(1);
}
