import { isoTime } from '../domain/stream/entry.js';
import { createOverloadWatch } from '../domain/stream/overload-watch.js';
import type { StreamState } from '../domain/stream/stream-state.js';
import type { StreamStatus } from '../domain/stream/scenario-contracts.js';

/** Keeps the status of a camera. */
export interface StatusBoard {
  change(state: StreamState, message: string, at: number): void;
  readonly row: (lagMs: number) => void;
  /** Reports a number of frames that were dropped because the machine is too slow. */
  readonly overload: (frames: number) => void;
  /** Number of frames that were dropped so far. */
  readonly dropped: number;
  read(frameNumber: number): StreamStatus;
}

/** Time over which rows are counted, in ms. */
const RATE_MS = 10_000;
const ADVICE =
  'The machine is too slow for its cameras: frames have been dropped for a minute. Reduce fps, ' +
  'choose a smaller model or a sub-stream of the camera, or add a worker.';

export function createStatusBoard(monotonic: () => number = () => performance.now()): StatusBoard {
  let current = { state: 'waiting' as StreamState, message: '', since: Date.now() };
  let rows: number[] = [];
  let lagMs = 0;
  let dropped = 0;
  const watch = createOverloadWatch();

  const recent = () => rows.filter((at) => monotonic() - at < RATE_MS);
  /** A camera whose frames are dropped is live, so its state is not lost. */
  const shown = () => {
    const isSlow = current.state === 'live' && watch.isOverloaded(monotonic());
    return isSlow ? { ...current, state: 'overloaded' as const, message: ADVICE } : current;
  };
  return {
    change(state, message, at) {
      const since = state === current.state ? current.since : at;
      current = { state, message, since };
    },
    row(lag) {
      rows = [...recent(), monotonic()];
      lagMs = lag;
    },
    overload(frames) {
      dropped += frames;
      watch.drop(monotonic());
    },
    get dropped() {
      return dropped;
    },
    read(frameNumber) {
      const { state, message, since } = shown();
      const fps = Math.round((recent().length * 10_000) / RATE_MS) / 10;
      return {
        ...{ state, since: isoTime(since), message },
        ...{ frame_number: frameNumber, fps, lag_ms: lagMs },
      };
    },
  };
}
