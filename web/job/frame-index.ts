import type { FrameRow, StoredObject, TimedSkip } from '../../api/types.js';
import type { Row } from '../api/jobs.js';

/** Sampled frame with its timestamp. */
export interface FrameEntry {
  readonly frame: number;
  /** Milliseconds from the start; estimated from neighbouring frames if the frame was skipped. */
  readonly timestampMs: number;
  readonly objects: readonly StoredObject[];
  /** Reason why the frame was skipped. */
  readonly reason?: string;
}

export interface FrameIndex {
  /** All frames so far, in frame order. */
  entries(): readonly FrameEntry[];
  add(row: Row | TimedSkip): void;
  /** The last sampled frame at or before a time in ms; undefined before the first one. */
  at(timestampMs: number): FrameEntry | undefined;
}

/** Upper bound of the difference between stored timestamps and those that a player reports. */
export const TOLERANCE_MS = 1.5;

/** Offset into a frame for seeking: a seek to its exact timestamp may show the previous frame. */
const SEEK_OFFSET_MS = 1;

/** Player time, in seconds, that shows the frame with a timestamp. */
export const seekTimeS = (timestampMs: number) => (timestampMs + SEEK_OFFSET_MS) / 1000;

/**
 * Creates an index of frames by time. Frames may be added in any order; in frame order and without
 * skipped frames an addition takes constant time, otherwise the next lookup rebuilds the index.
 */
export function createFrameIndex(): FrameIndex {
  const rows: (Row | TimedSkip)[] = [];
  let cached: FrameEntry[] | undefined = [];
  let hasSkipped = false;
  const entries = () => (cached ??= withTimes(rows));
  return {
    entries,
    add: (row) => {
      rows.push(row);
      hasSkipped ||= !('timestamp_ms' in row);
      const isNext = row.frame > (cached?.at(-1)?.frame ?? -1);
      if (cached && isNext && 'timestamp_ms' in row && !hasSkipped) cached.push(toEntry(row));
      else cached = undefined;
    },
    at: (timestampMs) => {
      const all = entries();
      return all[countUpTo(all, timestampMs + TOLERANCE_MS) - 1];
    },
  };
}

/** Counts the entries at or before a time by binary search. */
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

const toEntry = (row: FrameRow | TimedSkip): FrameEntry => ({
  ...{ frame: row.frame, timestampMs: row.timestamp_ms },
  ...('reason' in row ? { objects: [], reason: row.reason } : { objects: row.objects }),
});

function withTimes(rows: readonly (Row | TimedSkip)[]): FrameEntry[] {
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
        ? toEntry(row)
        : {
            ...{ frame: row.frame, objects: [], reason: row.reason },
            timestampMs: before.timestampMs + (row.frame - before.frame) * msPerFrame,
          };
    before = entry;
    return entry;
  });
}
