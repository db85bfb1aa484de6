import { isGap, type LogEntry, spanOf } from '../entry.js';
import { BUCKETS } from '../../names.js';
import type { RequestOptions } from '../../ports/object-store.js';
import { readChunks, type SegmentChunks } from './chunk-reader.js';
import { type LogRef, readFences } from './fence.js';
import { type LogLayout, type LogPart, readLayout } from './layout.js';
import { logKeys } from './log-keys.js';
import { type NumberedStretch, readSegments } from './segment.js';

/** Position in a log up to which a reader has it. */
export interface LogPosition {
  /** Number of the last row; 0 for none. */
  readonly number: number;
  /** End of the last gap after that row, in ms since 1970. */
  readonly gapTo: number;
  /** Last object that was read completely. */
  readonly part?: LogPart | undefined;
  /** Chunks of the growing segment that were read. */
  readonly chunks?: SegmentChunks | undefined;
}

/** Reads a log: every entry once, in order, and the same for each reader. */
export interface LogReader {
  /** Position after the last entry that was yielded. */
  readonly position: LogPosition;
  /**
   * Yields stretches with the entries after the position, until the present end of the log; nothing
   * while a new owner takes over.
   */
  readNew(options?: RequestOptions): AsyncGenerator<NumberedStretch>;
  /**
   * Yields new entries like `readNew`, but only those of the growing segment if it has new chunks,
   * which takes few requests. What else was added follows with the next call.
   */
  readAdded(options?: RequestOptions): AsyncGenerator<NumberedStretch>;
}

/**
 * Creates a reader.
 * @param after number of the last row that the caller has; 0 to read from the beginning. Gaps after
 * that row are read again.
 */
export function createLogReader(log: LogRef, after = 0): LogReader {
  let position: LogPosition = { number: after, gapTo: -Infinity };

  /** Returns the new entries of a stretch and moves the position to their end. */
  function take(stretch: NumberedStretch): NumberedStretch[] {
    const rest = cutBefore(stretch, position);
    position = (rest?.entries ?? []).reduce(moveBeyond, position);
    return rest ? [rest] : [];
  }

  async function* readNew(options?: RequestOptions): AsyncGenerator<NumberedStretch> {
    for (let isComplete = false; !isComplete;) isComplete = yield* readOnce(options);
  }

  async function* readAdded(options?: RequestOptions): AsyncGenerator<NumberedStretch> {
    const { chunks } = position;
    // Without new chunks, the segment may be stored, or the log may have another owner.
    const count = chunks && (yield* readAfter(chunks, options));
    if (!count) yield* readNew(options);
  }

  /** Returns false if the log changed in a way that requires to list it again. */
  async function* readOnce(options?: RequestOptions): AsyncGenerator<NumberedStretch, boolean> {
    const layout = await readLayout(log, { ...options, after: position.part });
    if (!layout) return true;
    for (const part of partsBeyond(layout, position)) {
      const stretches = await readPart(log, part, options);
      if (!stretches) return false;
      yield* stretches.flatMap(take);
      position = { ...position, part };
    }
    return yield* readTail(layout, options);
  }

  async function* readTail({ epoch, isSettled }: LogLayout, options?: RequestOptions) {
    if (!isSettled) return true;
    const segment = nextSegment(epoch, position.part);
    const read = position.chunks;
    const isSame = read?.epoch === epoch && read.segment === segment;
    const chunks = isSame ? read : { epoch, segment, known: 0 };
    return (yield* readAfter(chunks, options)) !== undefined;
  }

  /** Returns the number of chunks that follow; undefined if the log must be listed again. */
  async function* readAfter(chunks: SegmentChunks, options?: RequestOptions) {
    const stretches = await readChunks(log, chunks, options);
    if (!stretches || !(await isStillNewest(log, chunks, options))) return undefined;
    position = { ...position, chunks: { ...chunks, known: chunks.known + stretches.length } };
    yield* stretches.flatMap(take);
    return stretches.length;
  }

  return {
    ...{ readNew, readAdded },
    get position() {
      return position;
    },
  };
}

/**
 * Objects to read, without those whose rows and gaps are all before the position. None while a new
 * owner takes over: it may continue an older base than the newest one.
 */
function partsBeyond({ frozen, own, isSettled }: LogLayout, { number }: LogPosition): LogPart[] {
  const parts: LogPart[] = isSettled ? [...frozen, ...own] : [];
  return parts.filter((_, index) => {
    const next = parts[index + 1];
    return next === undefined || next.first > number;
  });
}

async function readPart({ store, uuid }: LogRef, part: LogPart, options?: RequestOptions) {
  const key = 'epoch' in part ? logKeys.segment(uuid, part) : logKeys.dayPart(uuid, part);
  const data = await store.find(BUCKETS.streams, key, options);
  return data && [...readSegments(data)];
}

async function isStillNewest(log: LogRef, { epoch }: SegmentChunks, options?: RequestOptions) {
  const { opened } = await readFences(log, options);
  return opened === epoch;
}

function nextSegment(epoch: string, part: LogPart | undefined): number {
  return part && 'epoch' in part && part.epoch === epoch ? part.index + 1 : 0;
}

/** Returns the part of a stretch after a position; undefined if it has no entries there. */
function cutBefore(
  stretch: NumberedStretch,
  { number, gapTo }: LogPosition,
): NumberedStretch | undefined {
  let { first, from } = stretch;
  for (const [index, entry] of stretch.entries.entries()) {
    const span = spanOf(entry, from, stretch.fps);
    const isNew = isGap(entry) ? first > number && span.to > gapTo : first > number;
    if (isNew) return { ...stretch, first, from, entries: stretch.entries.slice(index) };
    if (!isGap(entry)) first++;
    from = span.to;
  }
  return undefined;
}

/** Returns the position after an entry. */
function moveBeyond(position: LogPosition, entry: LogEntry): LogPosition {
  return isGap(entry)
    ? { ...position, gapTo: Date.parse(entry.gap.to) }
    : { ...position, number: entry.frame_number };
}
