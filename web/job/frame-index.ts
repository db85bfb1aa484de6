import type { FrameRow, StoredObject } from '../../api/types.js';
import type { Row } from '../api/jobs.js';

/** A sampled frame with when it is shown. */
export interface FrameEntry {
  readonly frame: number;
  /** Milliseconds from the start; of a skipped frame estimated from those around it. */
  readonly timestampMs: number;
  readonly objects: readonly StoredObject[];
  /** Why nothing was looked for in this frame. */
  readonly reason?: string;
}

export interface FrameIndex {
  /** All frames so far, by frame. */
  entries(): readonly FrameEntry[];
  add(row: Row): void;
  /** The last sampled frame at or before a time in ms; undefined before the first one. */
  at(timestampMs: number): FrameEntry | undefined;
}

/** Timestamps are stored in whole or broken ms, and a player tells them as seconds: they differ by less. */
export const TOLERANCE_MS = 1.5;

/**
 * The frames of a job by time, which may come in any order. In the order in which the API sends them
 * each costs the same, however many there are; times of skipped frames are found for all anew.
 */
export function createFrameIndex(): FrameIndex {
  const rows: Row[] = [];
  let known: FrameEntry[] | undefined = [];
  let hasSkipped = false;
  const entries = () => (known ??= withTimes(rows));
  return {
    entries,
    add: (row) => {
      rows.push(row);
      hasSkipped ||= !('timestamp_ms' in row);
      const isNext = row.frame > (known?.at(-1)?.frame ?? -1);
      if (known && isNext && 'timestamp_ms' in row && !hasSkipped) known.push(entryOf(row));
      else known = undefined;
    },
    at: (timestampMs) => {
      const all = entries();
      return all[countUpTo(all, timestampMs + TOLERANCE_MS) - 1];
    },
  };
}

/** How many entries are at or before a time. */
function countUpTo(entries: readonly FrameEntry[], timestampMs: number): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (entries[middle]!.timestampMs <= timestampMs)
      low = middle + 1; // middle < length
    else high = middle;
  }
  return low;
}

const entryOf = ({ frame, timestamp_ms, objects }: FrameRow): FrameEntry => ({
  frame,
  timestampMs: timestamp_ms,
  objects,
});

function withTimes(rows: readonly Row[]): FrameEntry[] {
  const sorted = [...rows].sort((a, b) => a.frame - b.frame);
  const timed = sorted.filter((row) => 'timestamp_ms' in row);
  const first = timed[0];
  const last = timed.at(-1);
  const frames = first && last ? last.frame - first.frame : 0;
  const msPerFrame =
    first && last && frames > 0 ? (last.timestamp_ms - first.timestamp_ms) / frames : 40;
  let before = { frame: 0, timestampMs: 0 };
  return sorted.map((row) => {
    const entry: FrameEntry =
      'timestamp_ms' in row
        ? entryOf(row)
        : {
            ...{ frame: row.frame, objects: [], reason: row.reason },
            timestampMs: before.timestampMs + (row.frame - before.frame) * msPerFrame,
          };
    before = entry;
    return entry;
  });
}
