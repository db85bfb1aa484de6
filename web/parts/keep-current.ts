import { API_BACK } from '../api/connection.js';

/** Interval between reads unless another is given. */
const POLL_MS = 4000;

/** Reads a list, or an entry of it, now, at an interval, and when the API is back, until the page is left. */
export function keepCurrent(
  refresh: () => Promise<void>,
  signal: AbortSignal,
  intervalMs: number = POLL_MS,
): void {
  const timer = setInterval(() => void refresh(), intervalMs);
  signal.addEventListener('abort', () => clearInterval(timer));
  addEventListener(API_BACK, () => void refresh(), { signal });
  void refresh();
}
