import type { LogEntry, Stretch } from '../entry.js';
import type { LogEnd } from '../ledger.js';
import { BUCKETS } from '../../names.js';
import type { RequestOptions } from '../../ports/object-store.js';
import { createChunkWriter } from './chunk-writer.js';
import { expectNewest, type LogRef } from './fence.js';
import { dayOf, logKeys } from './log-keys.js';
import { encodeSegment } from './segment.js';
import { type BufferedSegment, createSegmentBuffer, type SegmentLimits } from './segment-buffer.js';

/** Position from which an owner continues a log. */
export interface WriterStart {
  readonly epoch: string;
  readonly end: LogEnd;
  /** Index of its first segment. */
  readonly nextSegment: number;
}

/** Writes the entries of one owner to a log. */
export interface LogWriter {
  /** End of what was appended. */
  readonly end: LogEnd;
  append(stretch: Stretch): void;
  /**
   * Stores what was appended before the call, and returns the entries that are part of the log from
   * then on; they may be sent. After a failure the next call stores what is missing. Calls must not
   * overlap.
   * @throws AppError `SCENARIO_TAKEN_OVER` if another owner has begun; the entries are then not
   * part of the log, unless that owner finds them.
   */
  commit(options?: RequestOptions): Promise<LogEntry[]>;
  /** Commits everything as complete segments. */
  close(options?: RequestOptions): Promise<LogEntry[]>;
  /**
   * Removes chunks whose segments are stored: some after a commit, so that the next one does not
   * wait, or all after `close`.
   */
  removeChunks(which: 'some' | 'all', options?: RequestOptions): Promise<void>;
}

/** Chunks that are removed after a commit: more than a commit stores. */
const REMOVED_AT_ONCE = 8;

/** Creates the writer of an epoch, whose base is stored. */
export function createLogWriter(
  log: LogRef,
  { epoch, end, nextSegment }: WriterStart,
  limits?: SegmentLimits,
): LogWriter {
  const buffer = createSegmentBuffer(end, nextSegment, limits);
  const chunks = createChunkWriter(log, epoch);
  const unsent: LogEntry[] = [];

  async function commit(options?: RequestOptions): Promise<LogEntry[]> {
    const count = unsent.length;
    for (let segment = buffer.complete[0]; segment; segment = buffer.complete[0]) {
      await putSegment(log, epoch, segment, options);
      chunks.replace(segment);
      buffer.complete.shift();
    }
    if (buffer.growing) await chunks.store(buffer.growing, options);
    await expectNewest(log, epoch, options);
    return unsent.splice(0, count);
  }

  return {
    commit,
    append(stretch) {
      buffer.append(stretch);
      unsent.push(...stretch.entries);
    },
    close(options) {
      buffer.cut();
      return commit(options);
    },
    removeChunks: (which, options) =>
      chunks.removeReplaced(which === 'all' ? Infinity : REMOVED_AT_ONCE, options),
    get end() {
      return buffer.end;
    },
  };
}

/** Stores a segment of an epoch. */
export async function putSegment(
  { store, uuid }: LogRef,
  epoch: string,
  segment: BufferedSegment,
  options?: RequestOptions,
): Promise<void> {
  const { from, first, index } = segment;
  const key = logKeys.segment(uuid, { day: dayOf(from), first, epoch, index });
  await store.put(BUCKETS.streams, key, encodeSegment(epoch, segment), options);
}
