import type { GapReason } from './gap.js';

/** Failed attempts to read a camera in a row, all with the same cause. */
export interface ConnectionFailures {
  readonly reason: GapReason;
  /** Number of attempts, at least 1. */
  readonly count: number;
  /** Milliseconds since the camera was last seen, or since the first attempt. */
  readonly awayMs: number;
}

const FIRST_MS = 500;
/** Until a minute has passed, a camera that is back is found within a second. */
const SOON_MS = 800;
const SOON_UNTIL_MS = 60_000;
/** With the jitter at most 30 s. */
const LATE_MS = 25_000;
/** Cameras lock an account for 30 min after some wrong passwords. */
const REFUSED_MS = 60_000;
const REFUSED_MAX_MS = 15 * 60_000;
const JITTER = 0.2;

/**
 * Delay in milliseconds before the next connection to a camera, up to 20 % more or less, so that
 * cameras behind one switch do not all reconnect at once.
 * @param random from 0 to 1.
 */
export function reconnectDelay(failures: ConnectionFailures, random = Math.random()): number {
  const base =
    failures.reason === 'camera_refused' ? refusedDelay(failures) : absenceDelay(failures);
  return Math.round(base * (1 + JITTER * (2 * random - 1)));
}

function refusedDelay({ count }: ConnectionFailures): number {
  return Math.min(REFUSED_MS * 2 ** (count - 1), REFUSED_MAX_MS);
}

/** Grows with the absence after the first minute, at most to 25 s. */
function absenceDelay({ count, awayMs }: ConnectionFailures): number {
  if (count <= 1) return FIRST_MS;
  return Math.min(Math.max(SOON_MS, (awayMs - SOON_UNTIL_MS) / 2), LATE_MS);
}
