import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { JobHandle } from '../support/jobs.js';
import { startSecondMachine } from '../support/second-machine.js';
import type { Arena } from './arena.js';
import { disturb } from './disturb.js';
import type { Trial } from './rounds.js';
import { lanesIn } from './signals.js';

/** Beyond the heartbeat timeout, so that Temporal gives the ranges to another worker. */
const FROZEN_MS = [12_000, 15_000] as const;
/** What a thawed worker still does, it does at once. */
const ZOMBIE_MS = 2000;

/** Freezes a detect worker with its lanes until another has its ranges, and thaws it then. */
export async function sameRangeTwice(arena: Arena, trial: Trial): Promise<number> {
  const second = await startSecondMachine(arena.stack);
  try {
    return await disturb(arena, trial, async (handle, { random }) => {
      const worker = arena.stack.workers.pid('detect_worker');
      const frozen = [worker, ...(await lanesIn(arena))];
      for (const pid of frozen) process.kill(pid, 'SIGSTOP');
      await sleep(random.between(...FROZEN_MS));
      for (const pid of frozen) process.kill(pid, 'SIGCONT');
      await expectTwice(handle);
      await sleep(ZOMBIE_MS);
    });
  } finally {
    await second.stop();
  }
}

/** Temporal has given a range of the frozen worker to another one. */
async function expectTwice(handle: JobHandle): Promise<void> {
  const { events } = await handle.fetchHistory();
  const { raw } = await handle.describe();
  const done = (events ?? []).flatMap((event) => event.activityTaskStartedEventAttributes ?? []);
  const attempts = [...done, ...(raw.pendingActivities ?? [])].map(({ attempt }) => attempt ?? 0);
  expect(Math.max(0, ...attempts)).toBeGreaterThan(1);
}
