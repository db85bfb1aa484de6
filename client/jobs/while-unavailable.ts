import { setTimeout as sleep } from 'node:timers/promises';
import { isTemporalUnavailable } from '../../domain/temporal-unavailable.js';

const RETRY_MS = 500;

/**
 * Repeats a call while Temporal is unavailable, until the signal aborts.
 * @param deadline time after which the error is thrown, in milliseconds since the epoch; default: never.
 */
export async function whileUnavailable<T>(
  call: () => Promise<T>,
  signal: AbortSignal | undefined,
  deadline = Infinity,
): Promise<T> {
  for (;;) {
    signal?.throwIfAborted();
    try {
      return await call();
    } catch (error) {
      if (!isTemporalUnavailable(error) || Date.now() >= deadline) throw error;
    }
    await sleep(RETRY_MS, undefined, { signal });
  }
}
