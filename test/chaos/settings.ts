import { z } from 'zod';
import { CASE_NAMES, type CaseName } from './case-names.js';

/** Settings of a run of the harness. */
export interface ChaosSettings {
  /** Number of injections of each case. */
  readonly times: number;
  /** Seed of all random moments and choices. */
  readonly seed: string;
  readonly cases: readonly CaseName[];
}

declare module 'vitest' {
  export interface ProvidedContext {
    readonly chaos: ChaosSettings;
  }
}

const schema = z.object({
  VIDETTE_CHAOS_TIMES: z.coerce.number().int().min(1).max(10_000).default(10),
  VIDETTE_CHAOS_SEED: z.string().min(1).default('1'),
  VIDETTE_CHAOS_CASES: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(CASE_NAMES)))
    .default([...CASE_NAMES]),
});

/** @throws Error that names the invalid setting. */
export function readSettings(environment: NodeJS.ProcessEnv): ChaosSettings {
  const parsed = schema.safeParse(environment);
  if (!parsed.success) throw new Error(z.prettifyError(parsed.error));
  const { VIDETTE_CHAOS_TIMES, VIDETTE_CHAOS_SEED, VIDETTE_CHAOS_CASES } = parsed.data;
  return { times: VIDETTE_CHAOS_TIMES, seed: VIDETTE_CHAOS_SEED, cases: VIDETTE_CHAOS_CASES };
}
