import { inject, it } from 'vitest';
import { FRAME_STORAGE } from '../../domain/job/job-input.js';
import type { CaseName } from './case-names.js';
import { createRandom, type Random } from './random.js';

/** One injection of a fault. */
export interface Trial {
  readonly eventId: string;
  readonly random: Random;
  readonly frames: (typeof FRAME_STORAGE)[number];
}

/** Injects a fault and checks what comes of it; resolves with the seconds to recover. */
export type Run = (trial: Trial) => Promise<number>;

/** A case, and why it has to be left out on this machine, if it has. */
export type Case = readonly [name: CaseName, run: Run, leftOut?: () => string | undefined];

/**
 * Makes tests of all wanted cases, round after round, so that a process which is killed in one case
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
        const recoveredS = await run({ eventId, random, frames: random.pick(FRAME_STORAGE) });
        failures--;
        task.meta.chaos = { ...record, recoveredS };
      });
    }
  }
  return { hasFailed: () => failures > 0 };
}
