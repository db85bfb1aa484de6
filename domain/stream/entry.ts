import type { StreamGap } from './gap.js';
import type { StoredRow } from './row.js';
import { slotAt, type TimeSpan } from './slots.js';

/** Entry of the log of a scenario: a row, or time without rows. */
export type LogEntry = StoredRow | StreamGap;

/** Whether an entry is a gap. */
export function isGap(entry: LogEntry): entry is StreamGap {
  return 'gap' in entry;
}

/** Consecutive entries at one frame rate, which account for all time from `from` to `to`. */
export interface Stretch extends TimeSpan {
  readonly fps: number;
  readonly entries: readonly LogEntry[];
}

/**
 * Returns the time that an entry accounts for, when all time before `from` is accounted for. A row
 * accounts for its slot, or for the rest of it.
 */
export function spanOf(entry: LogEntry, from: number, fps: number): TimeSpan {
  if (isGap(entry)) return { from: Date.parse(entry.gap.from), to: Date.parse(entry.gap.to) };
  const slot = slotAt(Date.parse(entry.timestamp), fps);
  return { from: Math.max(slot.from, from), to: slot.to };
}

/** ISO 8601 with milliseconds of an instant in ms since 1970. */
export function isoTime(instant: number): string {
  return new Date(instant).toISOString();
}
