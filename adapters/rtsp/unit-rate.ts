import { ProtocolError } from './stream-error.js';

/** Multiple of the declared frame rate that a camera may send, on average over a window. */
const FACTOR = 4;
/** Frames per second that are assumed if a camera declares fewer or more. */
const [LEAST_RATE, GREATEST_RATE] = [60, 240];
/** Long enough for a burst after a stalled connection. */
const WINDOW_MS = 10_000;

/**
 * Limits the access units of a camera to four times its frame rate over ten seconds.
 * @throws ProtocolError from the returned function, which is called with the time of each unit.
 */
export function createUnitRate(declared = 0): (atMs: number) => void {
  const rate = Math.min(Math.max(declared, LEAST_RATE), GREATEST_RATE);
  const limit = (FACTOR * rate * WINDOW_MS) / 1000;
  let [start, count] = [-Infinity, 0];
  return (atMs) => {
    // A clock that was set back starts a new window too.
    if (Math.abs(atMs - start) >= WINDOW_MS) [start, count] = [atMs, 0];
    if (++count > limit) {
      throw new ProtocolError(`sent more than ${limit} frames within ${WINDOW_MS / 1000} s`);
    }
  };
}
