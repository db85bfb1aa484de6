import type { StreamRow } from '../../api/types.js';

/** Newest rows of a camera, by time. */
export interface RowBuffer {
  add(row: StreamRow): void;
  /** Adds a row that is not stored yet: it has boxes until it is added, and is not listed. */
  preview(row: StreamRow): void;
  /** Rows, the oldest first. */
  list(): readonly StreamRow[];
  /** Row whose frame is on the screen at an instant, in ms since 1970; undefined if it is too old. */
  at(instant: number): StreamRow | undefined;
  /** Resolves when a row of an instant or later has arrived, or after a second without one. */
  arrived(instant: number): Promise<void>;
}

/** Time of rows that is kept. */
const KEPT_MS = 60_000;
/** Deviation of the time of a frame between a live view and its row. */
const TOLERANCE_MS = 20;
/** Rates of rows below one per second make boxes that stay for longer than this. */
const STALE_MS = 1500;
/** Longest wait for the row of an image, which may be in a gap. */
const WAIT_MS = 1000;

export function createRowBuffer(): RowBuffer {
  let rows: StreamRow[] = [];
  /** Newest row that is not stored, as far as is known. */
  let previewed: StreamRow | undefined;
  const waiting = new Set<{ readonly instant: number; readonly resolve: () => void }>();
  const newest = () => Date.parse(rows.at(-1)?.timestamp ?? '');
  const known = () =>
    previewed && !(newest() >= Date.parse(previewed.timestamp)) ? [...rows, previewed] : rows;
  return {
    add(row) {
      const oldest = Date.parse(row.timestamp) - KEPT_MS;
      rows = [...rows.filter(({ timestamp }) => Date.parse(timestamp) > oldest), row];
      for (const { instant, resolve } of waiting) {
        if (newest() >= instant - TOLERANCE_MS) resolve();
      }
    },
    preview(row) {
      previewed = row;
    },
    list: () => rows,
    at(instant) {
      const all = known();
      const row = all.findLast(({ timestamp }) => Date.parse(timestamp) <= instant + TOLERANCE_MS);
      return row && instant - Date.parse(row.timestamp) <= staleMs(all) ? row : undefined;
    },
    async arrived(instant) {
      if (newest() >= instant - TOLERANCE_MS) return;
      await new Promise<void>((resolve) => {
        const entry = {
          instant,
          resolve: () => {
            clearTimeout(limit);
            waiting.delete(entry);
            resolve();
          },
        };
        const limit = setTimeout(entry.resolve, WAIT_MS);
        waiting.add(entry);
      });
    },
  };
}

/** Time after which a row does not describe the image: twice the interval between the last rows. */
function staleMs(rows: readonly StreamRow[]): number {
  const [before, last] = rows.slice(-2);
  if (!before || !last) return STALE_MS;
  return Math.max(STALE_MS, 2 * (Date.parse(last.timestamp) - Date.parse(before.timestamp)));
}
