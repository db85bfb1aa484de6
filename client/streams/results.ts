import { setTimeout as sleep } from 'node:timers/promises';
import { isGap, type LogEntry } from '../../domain/stream/entry.js';
import type { LogRef } from '../../domain/stream/log/fence.js';
import { findRowBefore } from '../../domain/stream/log/find-row.js';
import { createLogReader } from '../../domain/stream/log/read-log.js';
import type { NumberedStretch } from '../../domain/stream/log/segment.js';
import { unavailableServer } from '../../domain/server-unavailable.js';
import type { TimeSpan } from '../../domain/stream/slots.js';
import { withoutTracks } from '../../domain/stream/tracks/row-tracks.js';
import type { Commits } from './commits.js';
import type { StreamResultsOptions } from './types.js';

export interface FollowedLog {
  readonly log: LogRef;
  /** Whether a scenario has ended, so that its log does not grow. */
  readonly hasEnded: () => Promise<boolean>;
  /** Reports new entries; only for a log that is followed. */
  readonly watchCommits: (signal: AbortSignal | undefined) => Commits;
}

const RETRY_MS = 1000;

/**
 * Yields the rows and gaps of a scenario, each once and in order, the same for each reader.
 * Continues through restarts of the servers if it follows the log.
 */
export async function* readResults(
  { log, hasEnded, watchCommits }: FollowedLog,
  { after = 0, from, to, fromEnd = false, follow = false, signal }: StreamResultsOptions = {},
): AsyncGenerator<LogEntry, void> {
  const instant = fromEnd ? Date.now() : from?.getTime();
  const start = instant === undefined ? 0 : await findRowBefore(log, instant, { signal });
  const reader = createLogReader(log, Math.max(after, start));
  if (fromEnd) for await (const _ of reader.readNew({ signal }));
  const span = { from: from?.getTime() ?? -Infinity, to: to?.getTime() ?? Infinity };
  const commits = follow ? watchCommits(signal) : undefined;
  try {
    for (let isLast = !follow; ;) {
      const read = isLast ? () => reader.readNew({ signal }) : () => reader.readAdded({ signal });
      for await (const entry of readRetrying(read, follow, signal)) {
        const time = timesOf(entry);
        if (time.from >= span.to) return;
        if (time.to > span.from) yield withoutTracks(entry);
      }
      if (isLast || !commits) return;
      isLast = Date.now() >= span.to || (await hasEnded());
      if (!isLast) await commits.next();
    }
  } finally {
    commits?.close();
  }
}

/** Yields the entries of a read; repeats it while a server is unavailable if the log is followed. */
async function* readRetrying(
  read: () => AsyncIterable<NumberedStretch>,
  isFollowed: boolean,
  signal: AbortSignal | undefined,
): AsyncGenerator<LogEntry> {
  for (;;) {
    try {
      for await (const { entries } of read()) yield* entries;
      return;
    } catch (error) {
      if (!isFollowed || unavailableServer(error) === undefined) throw error;
      await sleep(RETRY_MS, undefined, { signal });
    }
  }
}

/** Start and end of an entry; a row is an instant, which ends after itself. */
function timesOf(entry: LogEntry): TimeSpan {
  if (isGap(entry)) return { from: Date.parse(entry.gap.from), to: Date.parse(entry.gap.to) };
  const from = Date.parse(entry.timestamp);
  return { from, to: from + 1 };
}
