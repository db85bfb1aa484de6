import { isGap, type LogEntry, type Stretch } from '../entry.js';
import type { LogEnd } from '../ledger.js';

/** Limits after which a segment is complete. */
export interface SegmentLimits {
  /** Milliseconds of a segment with rows. */
  readonly ms: number;
  /** Milliseconds of a segment without rows. */
  readonly gapMs: number;
  /** Bytes of its entries, about. */
  readonly bytes: number;
}

const SEGMENT_LIMITS: SegmentLimits = { ms: 60_000, gapMs: 600_000, bytes: 256 * 1024 };

/** A segment in memory, which grows until it is complete. */
export interface BufferedSegment {
  readonly index: number;
  readonly first: number;
  readonly fps: number;
  readonly from: number;
  readonly entries: LogEntry[];
  to: number;
  bytes: number;
  rows: number;
}

/** Segments that are not yet stored. */
export interface SegmentBuffer {
  /** Complete segments, oldest first. */
  readonly complete: BufferedSegment[];
  /** The segment that grows. */
  readonly growing: BufferedSegment | undefined;
  /** End of what was appended. */
  readonly end: LogEnd;
  append(stretch: Stretch): void;
  /** Completes the growing segment. */
  cut(): void;
}

/** Creates a buffer whose first segment has this index and starts at the end of the log so far. */
export function createSegmentBuffer(
  start: LogEnd,
  firstIndex: number,
  limits: SegmentLimits = SEGMENT_LIMITS,
): SegmentBuffer {
  const complete: BufferedSegment[] = [];
  let growing: BufferedSegment | undefined;
  let index = firstIndex;
  let end = start;

  function cut(): void {
    if (growing) complete.push(growing);
    growing = undefined;
  }

  function append({ fps, from, to, entries }: Stretch): void {
    if (entries.length === 0) return;
    if (growing && growing.fps !== fps) cut();
    const { next: first } = end;
    growing ??= { ...{ index: index++, first, fps, from, to, entries: [] }, bytes: 0, rows: 0 };
    grow(growing, entries, to);
    end = { next: growing.first + growing.rows, accountedTo: to };
    if (isComplete(growing, limits)) cut();
  }

  return {
    ...{ complete, append, cut },
    get growing() {
      return growing;
    },
    get end() {
      return end;
    },
  };
}

function grow(segment: BufferedSegment, entries: readonly LogEntry[], to: number): void {
  segment.to = to;
  for (const entry of entries) {
    segment.entries.push(entry);
    segment.bytes += JSON.stringify(entry).length;
    if (!isGap(entry)) segment.rows++;
  }
}

function isComplete({ from, to, bytes, rows }: BufferedSegment, limits: SegmentLimits): boolean {
  return to - from >= (rows > 0 ? limits.ms : limits.gapMs) || bytes >= limits.bytes;
}
