/** Interval between the ticks of a process, in ms. */
export const TICK_MS = 1000;
/** Delay of a tick after which the process counts as suspended, in ms. */
const LATE_MS = 5000;

/** Time in which a process did not run, in ms. */
export interface Suspension {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Notices that the process or its host was suspended, or blocked for as long. */
export interface SuspensionWatch {
  /** Call this every {@link TICK_MS}; returns the suspension that a late tick reveals. */
  tick(now: number): Suspension | undefined;
}

export function createSuspensionWatch(startMs: number): SuspensionWatch {
  let last = startMs;
  return {
    tick(now) {
      const fromMs = last;
      last = now;
      return now - fromMs - TICK_MS > LATE_MS ? { fromMs, toMs: now } : undefined;
    },
  };
}
