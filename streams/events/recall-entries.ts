import { isGap, type LogEntry } from '../../domain/stream/entry.js';
import type { LogEnd } from '../../domain/stream/ledger.js';
import type { LogRef } from '../../domain/stream/log/fence.js';
import { createLogReader } from '../../domain/stream/log/read-log.js';

/** Time of the rows that are read again, in s. */
const RECALL_S = 600;

/** Reads the last rows before the end of a log, and the gaps between and after them. */
export async function recallEntries(log: LogRef, end: LogEnd, fps: number): Promise<LogEntry[]> {
  const rows = Math.ceil(RECALL_S * fps);
  const entries: LogEntry[] = [];
  const reader = createLogReader(log, Math.max(0, end.next - 1 - rows));
  for await (const stretch of reader.readNew()) entries.push(...stretch.entries);
  return entries.filter((entry) =>
    isGap(entry) ? Date.parse(entry.gap.to) <= end.accountedTo : entry.frame_number < end.next,
  );
}
