import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { JobHandle } from '../support/jobs.js';
import { secondFolder, startSecondMachine } from '../support/second-machine.js';
import type { Arena } from './arena.js';
import { expectNoScratch, expectNothingLeft } from './check.js';
import { disturbJob, type Fault } from './disturb.js';
import type { Trial } from './rounds.js';
import { lanesIn, trySignal } from './signals.js';

/** Beyond the heartbeat timeout, so that Temporal gives the ranges to another worker. */
const FROZEN_MS = [12_000, 15_000] as const;
/** Share of the frames done up to which the frozen worker still has ranges of its own. */
const HAS_RANGES_UNTIL = 0.5;
/** What a thawed worker still does, it does at once. */
const ZOMBIE_MS = 2000;

/** Does harm while there is a second machine, which has to leave nothing behind either. */
export async function sameRangeTwice(arena: Arena, trial: Trial): Promise<number> {
  const second = await startSecondMachine(arena.stack);
  let recoveredS;
  try {
    const fault: Fault = (handle) => freeze(arena, trial, handle);
    recoveredS = await disturbJob(arena, trial, fault, HAS_RANGES_UNTIL);
    await expectNoScratch(secondFolder(arena.stack));
  } finally {
    await second.stop();
  }
  await expectNothingLeft(arena);
  return recoveredS;
}

/** Freezes a detect worker with its lanes until another has its ranges, and thaws it then. */
async function freeze(arena: Arena, { random }: Trial, handle: JobHandle): Promise<void> {
  const worker = arena.stack.workers.pid('detect_worker');
  const frozen = [worker, ...(await lanesIn(arena))];
  for (const pid of frozen) trySignal(pid, 'SIGSTOP');
  await sleep(random.between(...FROZEN_MS));
  for (const pid of frozen) trySignal(pid, 'SIGCONT');
  await expectTwice(handle);
  await sleep(ZOMBIE_MS);
}

/** Temporal has given a range of the frozen worker to another one. */
async function expectTwice(handle: JobHandle): Promise<void> {
  const { events } = await handle.fetchHistory();
  const { raw } = await handle.describe();
  const done = (events ?? []).flatMap((event) => event.activityTaskStartedEventAttributes ?? []);
  const attempts = [...done, ...(raw.pendingActivities ?? [])].map(({ attempt }) => attempt ?? 0);
  expect(Math.max(0, ...attempts)).toBeGreaterThan(1);
}
