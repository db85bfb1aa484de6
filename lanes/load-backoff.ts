import { retryDelay } from '../domain/backoff.js';

/** Delays the next load of a model that could not be loaded. Times in milliseconds. */
export interface LoadBackoff {
  recordFailure(modelKey: string, now: number): void;
  recordSuccess(modelKey: string): void;
  /** Models whose delay has not passed. */
  coolingDown(now: number): ReadonlySet<string>;
}

export function createLoadBackoff(): LoadBackoff {
  const failed = new Map<string, { readonly failures: number; readonly until: number }>();
  return {
    recordFailure: (modelKey, now) => {
      const failures = (failed.get(modelKey)?.failures ?? 0) + 1;
      failed.set(modelKey, { failures, until: now + retryDelay(failures) });
    },
    recordSuccess: (modelKey) => void failed.delete(modelKey),
    coolingDown: (now) => {
      const entries = [...failed].filter(([, { until }]) => now < until);
      return new Set(entries.map(([modelKey]) => modelKey));
    },
  };
}
