import { isGap, isoTime, spanOf, type LogEntry, type Stretch } from '../entry.js';
import type { GapReason } from '../gap.js';
import type { LogEnd } from '../ledger.js';

/** First line of a segment or chunk. */
export interface SegmentHeader {
  readonly epoch: string;
  readonly from: string;
  readonly to: string;
  /** Number of the first row; without rows, of the next row. */
  readonly first: number;
  readonly rows: number;
  readonly fps: number;
  readonly seen_s: number;
  readonly gaps: Readonly<Partial<Record<GapReason, number>>>;
}

/** A stretch with the number of its first row. */
export interface NumberedStretch extends Stretch {
  readonly first: number;
}

/** A segment as JSON lines: a header, and the entries as they are sent. */
export function encodeSegment(epoch: string, stretch: NumberedStretch): string {
  const header: SegmentHeader = {
    ...{ epoch, from: isoTime(stretch.from), to: isoTime(stretch.to), first: stretch.first },
    ...{ rows: countRows(stretch.entries), fps: stretch.fps, ...sumUp(stretch) },
  };
  return [header, ...stretch.entries].map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** Parses the output of {@link encodeSegment}, or of several in a row. */
export function* readSegments(data: Buffer): Generator<NumberedStretch> {
  let header: SegmentHeader | undefined;
  let entries: LogEntry[] = [];
  for (const text of data.toString('utf8').trimEnd().split('\n')) {
    const line = JSON.parse(text) as SegmentHeader | LogEntry;
    if (!('epoch' in line)) entries.push(line);
    else {
      if (header) yield toStretch(header, entries);
      [header, entries] = [line, []];
    }
  }
  if (header) yield toStretch(header, entries);
}

/** Returns the end of a log that ends with a stretch. */
export function endOf({ first, entries, to }: NumberedStretch): LogEnd {
  return { next: first + countRows(entries), accountedTo: to };
}

function toStretch({ from, to, first, fps }: SegmentHeader, entries: LogEntry[]): NumberedStretch {
  return { from: Date.parse(from), to: Date.parse(to), first, fps, entries };
}

function countRows(entries: readonly LogEntry[]): number {
  return entries.filter((entry) => !isGap(entry)).length;
}

function sumUp({ entries, fps, from }: Stretch): Pick<SegmentHeader, 'seen_s' | 'gaps'> {
  let at = from;
  let seen = 0;
  const gaps: Partial<Record<GapReason, number>> = {};
  for (const entry of entries) {
    const span = spanOf(entry, at, fps);
    const ms = span.to - span.from;
    if (isGap(entry)) gaps[entry.gap.reason] = (gaps[entry.gap.reason] ?? 0) + ms / 1000;
    else seen += ms;
    at = span.to;
  }
  return { seen_s: seen / 1000, gaps };
}
