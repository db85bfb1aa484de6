import type { StreamRow } from '../../api/types.js';

/** Newest rows of a camera, by time. */
export interface RowBuffer {
  add(row: StreamRow): void;
  /** Rows, the oldest first. */
  list(): readonly StreamRow[];
  /** Row whose frame is on the screen at an instant, in ms since 1970; undefined if it is too old. */
  at(instant: number): StreamRow | undefined;
}

/** Time of rows that is kept. */
const KEPT_MS = 60_000;
/** Deviation of the time of a frame between a live view and its row. */
const TOLERANCE_MS = 20;
/** Rates of rows below one per second make boxes that stay for longer than this. */
const STALE_MS = 1500;

export function createRowBuffer(): RowBuffer {
  let rows: StreamRow[] = [];
  return {
    add(row) {
      const oldest = Date.parse(row.timestamp) - KEPT_MS;
      rows = [...rows.filter(({ timestamp }) => Date.parse(timestamp) > oldest), row];
    },
    list: () => rows,
    at(instant) {
      const row = rows.findLast(({ timestamp }) => Date.parse(timestamp) <= instant + TOLERANCE_MS);
      return row && instant - Date.parse(row.timestamp) <= staleMs(rows) ? row : undefined;
    },
  };
}

/** Time after which a row does not describe the image: twice the interval between the last rows. */
function staleMs(rows: readonly StreamRow[]): number {
  const [before, last] = rows.slice(-2);
  if (!before || !last) return STALE_MS;
  return Math.max(STALE_MS, 2 * (Date.parse(last.timestamp) - Date.parse(before.timestamp)));
}
