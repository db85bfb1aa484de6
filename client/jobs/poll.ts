import { setTimeout as sleep } from 'node:timers/promises';
import { whileUnavailable } from './while-unavailable.js';

interface PollOptions<T> {
  /** Whether a value ends the polling. */
  readonly isLast: (value: T) => boolean;
  /** Interval between two reads in milliseconds. */
  readonly everyMs: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * Yields each value that `read` returns, up to the last one; continues through restarts of Temporal.
 * @param read receives the previous value.
 */
export async function* poll<T>(
  read: (previous: T | undefined) => Promise<T>,
  { isLast, everyMs, signal }: PollOptions<T>,
): AsyncGenerator<T, void> {
  let previous: T | undefined;
  for (;;) {
    const value = await whileUnavailable(() => read(previous), signal);
    previous = value;
    yield value;
    if (isLast(value)) return;
    await sleep(everyMs, undefined, { signal });
  }
}
