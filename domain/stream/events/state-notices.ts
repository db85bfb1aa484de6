import type { StreamState } from '../stream-state.js';

/** Problem of a camera that its webhooks are notified of. */
export type CameraProblem = 'down' | 'frozen' | 'refused';

/** Change that webhooks are notified of. */
export interface StateNotice {
  readonly kind: CameraProblem | 'up';
  /**
   * Time of the last row before the problem, in ms since 1970. It identifies the notice, also for a
   * process that takes over.
   */
  readonly since: number;
  /** What happened and what to do; without secrets. */
  readonly message: string;
}

/** Decides when webhooks are notified that a camera has a problem, or is back. */
export interface StateNotices {
  addRow(at: number): StateNotice[];
  /** Returns the notices when a scenario is in a state at an instant, in ms since 1970. */
  check(state: StreamState, message: string, now: number): StateNotice[];
}

/** Time without rows after which a camera is down. */
export const DOWN_MS = 30_000;

/** States in which the user expects no rows. */
const INTENDED: ReadonlySet<StreamState> = new Set(['paused', 'stopped', 'ended']);

/**
 * Creates the notices of a scenario.
 * @param lastRowAt time of its last row, or its start, in ms since 1970.
 */
export function createStateNotices(lastRowAt: number): StateNotices {
  let since = lastRowAt;
  let notified: CameraProblem | undefined;
  return {
    addRow(at) {
      const wasDown = notified !== undefined || at - since > DOWN_MS;
      const notice: StateNotice = { kind: 'up', since, message: 'The camera is live again.' };
      [since, notified] = [at, undefined];
      return wasDown ? [notice] : [];
    },
    check(state, message, now) {
      if (INTENDED.has(state)) [since, notified] = [now, undefined];
      const problem = problemOf(state, now - since);
      if (problem === undefined || problem === notified) return [];
      notified = problem;
      return [{ kind: problem, since, message }];
    },
  };
}

function problemOf(state: StreamState, withoutRowsMs: number): CameraProblem | undefined {
  if (state === 'frozen' || state === 'refused') return state;
  return withoutRowsMs > DOWN_MS ? 'down' : undefined;
}
