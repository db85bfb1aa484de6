import { API_BACK } from '../api/connection.js';

/** Interval between reads of a list. */
const POLL_MS = 4000;

/** Reads a list now, at an interval, and when the API is back, until the page is left. */
export function keepCurrent(refresh: () => Promise<void>, signal: AbortSignal): void {
  const timer = setInterval(() => void refresh(), POLL_MS);
  signal.addEventListener('abort', () => clearInterval(timer));
  addEventListener(API_BACK, () => void refresh(), { signal });
  void refresh();
}
