/** Whether a worker takes work, and if it does not, why. */
export type ReadyState =
  { readonly ready: true } | { readonly ready: false; readonly reason: string };

/** What a process tells of itself to those who look after it. */
export interface Readiness {
  state(): ReadyState;
  ready(): void;
  notReady(reason: string): void;
  /** Something that the worker needs does not answer: it is not ready until that is found again. */
  missing(what: string, reason: string): void;
  found(what: string): void;
}

export function createReadiness(): Readiness {
  let own: ReadyState = { ready: false, reason: 'it is starting' };
  const missing = new Map<string, string>();
  return {
    state: () => {
      if (missing.size === 0) return own;
      const reasons = [...missing].map(([what, reason]) => `waits for ${what}: ${reason}`);
      return { ready: false, reason: reasons.join('; ') };
    },
    ready: () => {
      own = { ready: true };
    },
    notReady: (reason) => {
      own = { ready: false, reason };
    },
    missing: (what, reason) => {
      missing.set(what, reason);
    },
    found: (what) => {
      missing.delete(what);
    },
  };
}
