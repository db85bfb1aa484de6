import type { RowTracker } from '../domain/stream/tracks/row-tracker.js';
import { encodeCheckpoint } from '../domain/stream/tracks/checkpoint.js';

/** Stores the state of the tracks of a log after rows that are part of it. */
export interface TrackCheckpoints {
  /** Reports that entries were made, which are not stored yet. */
  made(tracker: RowTracker): void;
  /** Takes a state with the next entries, whatever the interval. */
  force(): void;
  /** Reports the number of the last row that is part of the log. */
  stored(row: number): void;
  /** Stores the state after the last row of the log, all of which is stored. */
  finish(tracker: RowTracker): Promise<void>;
}

export interface TrackCheckpointsOptions {
  readonly store: (row: number, encoded: string) => Promise<void>;
  /** Reports a state that is not stored: the rows after the one before are read again. */
  readonly onFailure: (error: unknown) => void;
  /** Minimum interval between states, in ms. */
  readonly everyMs?: number;
}

/** Rows of this time are read again after a crash, in ms. */
const EVERY_MS = 20_000;

interface Taken {
  readonly row: number;
  readonly encoded: string;
}

export function createTrackCheckpoints(options: TrackCheckpointsOptions): TrackCheckpoints {
  const { store, onFailure, everyMs = EVERY_MS } = options;
  /** State that is stored when its row is. */
  let taken: Taken | undefined;
  let takenAt = -Infinity;
  let last: Promise<void> = Promise.resolve();

  const take = ({ state }: RowTracker): Taken => ({
    row: state.row,
    encoded: encodeCheckpoint(state),
  });
  /** Stores states one after another. */
  const write = ({ row, encoded }: Taken) =>
    (last = last.then(() => store(row, encoded)).catch(onFailure));
  return {
    made(tracker) {
      const now = performance.now();
      if (taken || now - takenAt < everyMs) return;
      [taken, takenAt] = [take(tracker), now];
    },
    force: () => void ([taken, takenAt] = [undefined, -Infinity]),
    stored(row) {
      if (!taken || row < taken.row) return;
      void write(taken);
      taken = undefined;
    },
    finish: (tracker) => write(take(tracker)),
  };
}
