/** Whether a worker takes work, and if it does not, why. */
export type ReadyState =
  { readonly ready: true } | { readonly ready: false; readonly reason: string };

/** What a process tells of itself to those who look after it. */
export interface Readiness {
  state(): ReadyState;
  ready(): void;
  notReady(reason: string): void;
}

export function createReadiness(): Readiness {
  let state: ReadyState = { ready: false, reason: 'it is starting' };
  return {
    state: () => state,
    ready: () => {
      state = { ready: true };
    },
    notReady: (reason) => {
      state = { ready: false, reason };
    },
  };
}
