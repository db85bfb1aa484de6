const FIRST_MS = 1000;
const LAST_MS = 30_000;

/** Keeps models that cannot be loaded from being tried without a pause. Times in milliseconds. */
export interface LoadBackoff {
  failed(modelKey: string, now: number): void;
  loaded(modelKey: string): void;
  /** Models whose last load failed too short a time ago. */
  barred(now: number): ReadonlySet<string>;
}

/** Pauses of 1 s doubling to 30 s. */
export function createLoadBackoff(): LoadBackoff {
  const failures = new Map<string, { readonly pauseMs: number; readonly until: number }>();
  return {
    failed: (modelKey, now) => {
      const pauseMs = Math.min(2 * (failures.get(modelKey)?.pauseMs ?? FIRST_MS / 2), LAST_MS);
      failures.set(modelKey, { pauseMs, until: now + pauseMs });
    },
    loaded: (modelKey) => void failures.delete(modelKey),
    barred: (now) => {
      const entries = [...failures].filter(([, { until }]) => now < until);
      return new Set(entries.map(([modelKey]) => modelKey));
    },
  };
}
