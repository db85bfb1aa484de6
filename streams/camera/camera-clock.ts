import { uptime } from 'node:os';
import type { GapReason } from '../../domain/stream/gap.js';

/** Jump of a clock, in ms since 1970 of the clock. */
export interface ClockStep {
  readonly fromMs: number;
  readonly toMs: number;
  readonly reason: Extract<GapReason, 'clock_changed' | 'host_suspended'>;
}

/** UTC in ms that never falls: the monotonic clock, which follows the clock of the system slowly. */
export interface CameraClock {
  readonly now: () => number;
  /** Follows the clock of the system; call this every second. Returns a jump over more than 1 s. */
  tick(): ClockStep | undefined;
}

/** Clocks of the system, in ms. */
export interface SystemClocks {
  /** UTC, which may be set. */
  readonly wall: () => number;
  /** Time without that in which the machine is suspended. */
  readonly monotonic: () => number;
  /** Time with that in which the machine is suspended. */
  readonly boot: () => number;
}

const SYSTEM: SystemClocks = {
  wall: () => Date.now(),
  monotonic: () => performance.now(),
  boot: () => uptime() * 1000,
};

/** Difference from the clock of the system over which a clock jumps, in ms. */
const STEP_MS = 1000;
/** Largest correction of one tick, in ms: 0.5 %. */
const SLEW_MS = 5;

/**
 * Creates a clock. It jumps if the system's clock is set forward; if that is set back, it only runs
 * slower until both agree, because time that is accounted for cannot be repeated.
 * @param notBefore earliest time that it may show; used if the system's clock was set back.
 */
export function createCameraClock(notBefore: number, clocks: SystemClocks = SYSTEM): CameraClock {
  const { wall, monotonic, boot } = clocks;
  const isBehind = notBefore - wall() > STEP_MS;
  let offset = (isBehind ? notBefore : wall()) - monotonic();
  let last = { monotonic: monotonic(), boot: boot() };
  const now = () => offset + monotonic();

  return {
    now,
    tick() {
      const sleptMs = boot() - last.boot - (monotonic() - last.monotonic);
      last = { monotonic: monotonic(), boot: boot() };
      const fromMs = now();
      const difference = wall() - fromMs;
      if (difference <= STEP_MS) {
        offset += Math.max(-SLEW_MS, Math.min(SLEW_MS, difference));
        return undefined;
      }
      offset += difference;
      const reason = sleptMs > STEP_MS ? 'host_suspended' : 'clock_changed';
      return { fromMs: Math.round(fromMs), toMs: Math.round(fromMs + difference), reason };
    },
  };
}
