import { setTimeout as sleep } from 'node:timers/promises';
import { isGap, type LogEntry, type Streams } from '../../client/index.js';
import { unavailableServer } from '../../domain/server-unavailable.js';
import type { Offsets } from './offsets.js';

export interface MergeOptions {
  /** Scenarios to follow; default: all, also those that are deployed later. */
  readonly uuids?: readonly string[];
  readonly fromBeginning: boolean;
  readonly offsets: Offsets;
  readonly signal: AbortSignal;
  /** Interval at which new scenarios are looked for, in ms. */
  readonly everyMs?: number;
}

/** Receives an entry; the next one of its scenario waits for it. */
export type OnEntry = (entry: LogEntry) => Promise<void>;

const EVERY_MS = 3000;
const PAGE = 100;

/**
 * Follows several scenarios at once, each in order and without a hole, until the signal aborts, or
 * until the given scenarios have ended.
 */
export async function mergeResults(
  streams: Pick<Streams, 'list' | 'get' | 'results'>,
  { uuids, fromBeginning, offsets, signal, everyMs = EVERY_MS }: MergeOptions,
  onEntry: OnEntry,
): Promise<void> {
  const startedAt = new Date();
  const seen = new Set<string>();
  const running = new Map<string, Promise<void>>();
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);

  /** @param isFirst whether rows that are stored already are left out. */
  async function readOne(uuid: string, isFirst: boolean): Promise<void> {
    const after = offsets.get(uuid);
    const start = fromBeginning ? {} : isFirst ? { fromEnd: true } : { from: startedAt };
    const position = after === undefined ? start : { after };
    const options = { ...position, follow: true, signal: either };
    for await (const entry of streams.results(uuid, options)) {
      await onEntry(entry);
      if (!isGap(entry)) offsets.set(uuid, entry.frame_number);
    }
  }

  async function followOne(uuid: string, isFirst: boolean): Promise<void> {
    try {
      await readOne(uuid, isFirst);
    } catch (error) {
      if (unavailableServer(error) === undefined) throw error;
      await sleep(everyMs, undefined, { signal: either });
      await followOne(uuid, false);
    }
  }

  function follow(uuid: string, isFirst: boolean): void {
    seen.add(uuid);
    const done = followOne(uuid, isFirst)
      .catch((error: unknown) => failed.abort(error))
      .finally(() => running.delete(uuid));
    running.set(uuid, done);
  }

  for (let isFirst = true; !either.aborted; isFirst = false) {
    for (const uuid of uuids ?? (await listAll(streams, seen))) {
      if (!running.has(uuid)) follow(uuid, isFirst);
    }
    if (uuids) break;
    await sleep(everyMs, undefined, { signal: either }).catch(() => undefined);
  }
  await Promise.all(running.values());
  if (failed.signal.aborted && !signal.aborted) throw failed.signal.reason;
}

/** Returns the scenarios to follow: all that run, and those that were not yet seen. */
async function listAll(
  streams: Pick<Streams, 'list'>,
  seen: ReadonlySet<string>,
): Promise<string[]> {
  const found: string[] = [];
  let cursor: string | undefined;
  try {
    do {
      const page = await streams.list({ limit: PAGE, ...(cursor !== undefined && { cursor }) });
      const wanted = page.streams.filter(
        ({ scenario_uuid, ended_at }) => ended_at === null || !seen.has(scenario_uuid),
      );
      found.push(...wanted.map(({ scenario_uuid }) => scenario_uuid));
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
  } catch (error) {
    if (unavailableServer(error) === undefined) throw error;
  }
  return found;
}
