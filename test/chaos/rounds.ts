import { inject, it } from 'vitest';
import { FRAME_STORAGE } from '../../domain/job/job-input.js';
import type { CaseName } from './case-names.js';
import { FaultNotInjected } from './fault-not-injected.js';
import { createRandom, type Random } from './random.js';

/** Maximum number of attempts to inject the fault of a case. */
const HARM_ATTEMPTS = 3;

/** One injection of a fault. */
export interface Trial {
  readonly eventId: string;
  readonly random: Random;
  readonly frames: (typeof FRAME_STORAGE)[number];
}

/** Injects a fault and checks the outcome; resolves with the seconds to recover. */
export type Run = (trial: Trial) => Promise<number>;

/** A case, and the reason if it must be skipped on this machine. */
export type Case = readonly [name: CaseName, run: Run, leftOut?: () => string | undefined];

/**
 * Defines tests of the selected cases, round by round, so that a process that is killed in one case
 * has run for a while when it is killed again.
 */
export function rounds(
  cases: readonly Case[],
  folder: () => string,
): { readonly hasFailed: () => boolean } {
  const { times, seed, cases: wanted } = inject('chaos');
  let failures = 0;
  for (let round = 1; round <= times; round++) {
    for (const [name, run, leftOut] of cases) {
      it.skipIf(!wanted.includes(name))(`${name} ${round}`, async ({ task, skip }) => {
        const reason = leftOut?.();
        if (reason !== undefined) skip(reason);
        const eventId = `${name}-${round}`;
        const record = { name, eventId, folder: folder() };
        task.meta.chaos = record;
        const random = createRandom(`${seed}/${eventId}`);
        failures++;
        const frames = random.pick(FRAME_STORAGE);
        const recoveredS = await runUntilHarmed(run, { eventId, random, frames });
        failures--;
        if (recoveredS === undefined) return skip('The fault could not be injected');
        task.meta.chaos = { ...record, recoveredS };
      });
    }
  }
  return { hasFailed: () => failures > 0 };
}

/** Repeats a case whose fault could not be injected; undefined if that happens each time. */
async function runUntilHarmed(run: Run, trial: Trial): Promise<number | undefined> {
  for (let attempt = 1; attempt <= HARM_ATTEMPTS; attempt++) {
    const eventId = attempt === 1 ? trial.eventId : `${trial.eventId}-repeat-${attempt}`;
    try {
      return await run({ ...trial, eventId });
    } catch (error) {
      if (!(error instanceof FaultNotInjected)) throw error;
      console.warn(`${eventId}: ${error.message}`);
    }
  }
  return undefined;
}
