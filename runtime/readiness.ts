/** Whether a process takes work, and if not, why. */
export type ReadyState =
  { readonly ready: true } | { readonly ready: false; readonly reason: string };

/** Readiness of a process, as `/readyz` reports it. */
export interface Readiness {
  state(): ReadyState;
  /** Whether the process has started and is not stopping, whatever its dependencies do. */
  ownState(): ReadyState;
  /** Dependencies that do not reply, by name, with the reasons. */
  readonly unavailable: ReadonlyMap<string, string>;
  /** Whether each dependency that was tried replies, by its name. */
  readonly replies: ReadonlyMap<string, boolean>;
  ready(): void;
  notReady(reason: string): void;
  /** Records that a dependency does not reply; the process is not ready until `found` is called. */
  missing(dependency: string, reason: string): void;
  found(dependency: string): void;
}

export function createReadiness(): Readiness {
  let current: ReadyState = { ready: false, reason: 'it is starting' };
  const missing = new Map<string, string>();
  const replies = new Map<string, boolean>();
  return {
    unavailable: missing,
    replies,
    ownState: () => current,
    state: () => {
      if (missing.size === 0) return current;
      const reasons = [...missing].map(
        ([dependency, reason]) => `waits for ${dependency}: ${reason}`,
      );
      return { ready: false, reason: reasons.join('; ') };
    },
    ready: () => {
      current = { ready: true };
    },
    notReady: (reason) => {
      current = { ready: false, reason };
    },
    missing: (dependency, reason) => {
      missing.set(dependency, reason);
      replies.set(dependency, false);
    },
    found: (dependency) => {
      missing.delete(dependency);
      replies.set(dependency, true);
    },
  };
}
