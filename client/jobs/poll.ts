import { setTimeout as sleep } from 'node:timers/promises';
import { whileUnavailable } from './while-unavailable.js';

interface PollOptions<T> {
  /** Whether a value ends the polling. */
  readonly isLast: (value: T) => boolean;
  /** Maximum interval between two reads in milliseconds. */
  readonly everyMs: number;
  readonly signal: AbortSignal | undefined;
}

/** Interval after the first read in milliseconds; each later one is longer by as much. */
const FIRST_MS = 100;

/**
 * Yields each value that `read` returns, up to the last one; continues through restarts of Temporal.
 * The first intervals are shorter, so that the end of a job of a second is reported without delay.
 * @param read receives the previous value, and the age in milliseconds that a value may have.
 */
export async function* poll<T>(
  read: (previous: T | undefined, maxAgeMs: number) => Promise<T>,
  { isLast, everyMs, signal }: PollOptions<T>,
): AsyncGenerator<T, void> {
  let previous: T | undefined;
  let maxAgeMs = everyMs;
  for (let reads = 1; ; reads++) {
    const value = await whileUnavailable(() => read(previous, maxAgeMs), signal);
    previous = value;
    yield value;
    if (isLast(value)) return;
    maxAgeMs = Math.min(everyMs, FIRST_MS * reads);
    await sleep(maxAgeMs, undefined, { signal });
  }
}
