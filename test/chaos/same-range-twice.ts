import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { JobHandle } from '../support/jobs.js';
import { lanesOf } from '../support/processes.js';
import { secondFolder, startSecondMachine } from '../support/second-machine.js';
import type { ChaosHarness } from './harness.js';
import { expectNoScratch, expectNothingLeft } from './check.js';
import { disturbJob, type Fault } from './disturb.js';
import type { Random } from './random.js';
import type { Trial } from './rounds.js';
import { trySignal } from './signals.js';

/** What was said before a worker froze has come by then. */
const SETTLES_MS = 500;
const LOOKS_FOR_MS = 20_000;
/** Beyond the heartbeat timeout, so that Temporal gives the ranges to another worker. */
const FROZEN_MS = [12_000, 15_000] as const;
/** Share of the frames done up to which both workers still have ranges. */
const HAS_RANGES_UNTIL = 0.5;
/** What a thawed worker still does, it does at once. */
const ZOMBIE_MS = 2000;

/** Does harm while there is a second machine, which has to leave nothing behind either. */
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

/** Freezes a detect worker that has a range until another has it too, and thaws it then. */
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

/** Resolves with the processes that are frozen: a worker amid a range, and its lanes. */
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
  throw new Error('No worker was found that has a range');
}

function thaw(frozen: readonly number[]): void {
  for (const pid of frozen) trySignal(pid, 'SIGCONT');
}

/** Those of the processes that have a range of the job; a worker is `pid@host` to Temporal. */
async function atWork(workers: readonly number[], handle: JobHandle): Promise<number[]> {
  const { raw } = await handle.describe();
  const names = (raw.pendingActivities ?? []).map(({ lastWorkerIdentity }) => lastWorkerIdentity);
  return workers.filter((pid) => names.some((name) => name?.startsWith(`${pid}@`)));
}

/** Temporal has given a range of the frozen worker to another one. */
async function expectTwice(handle: JobHandle): Promise<void> {
  const { events } = await handle.fetchHistory();
  const { raw } = await handle.describe();
  const done = (events ?? []).flatMap((event) => event.activityTaskStartedEventAttributes ?? []);
  const attempts = [...done, ...(raw.pendingActivities ?? [])].map(({ attempt }) => attempt ?? 0);
  expect(Math.max(0, ...attempts)).toBeGreaterThan(1);
}
