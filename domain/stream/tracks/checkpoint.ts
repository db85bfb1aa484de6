import { BUCKETS } from '../../names.js';
import type { RequestOptions } from '../../ports/object-store.js';
import { TRACKER_VERSION } from '../../track/track-part.js';
import type { ZoneOrLine } from '../../zone/zone.js';
import { isGap, type LogEntry } from '../entry.js';
import type { LogEnd } from '../ledger.js';
import type { LogRef } from '../log/fence.js';
import { logKeys, parseTracksKey } from '../log/log-keys.js';
import { createLogReader } from '../log/read-log.js';
import { createRowTracker, type RowTracker, startTracks, type TracksState } from './row-tracker.js';

/** Encodes the state of the tracks after a row. */
export function encodeCheckpoint(state: TracksState): string {
  return JSON.stringify({ version: TRACKER_VERSION, ...state });
}

/** Stores the state after a row that is part of the log, and removes the states before it. */
export async function storeCheckpoint(
  { store, uuid }: LogRef,
  row: number,
  encoded: string,
  options?: RequestOptions,
): Promise<void> {
  const contentType = 'application/json';
  await store.put(BUCKETS.streams, logKeys.tracks(uuid, row), encoded, { ...options, contentType });
  for (const old of await listCheckpoints({ store, uuid }, options)) {
    if (old < row) await store.remove(BUCKETS.streams, logKeys.tracks(uuid, old), options);
  }
}

/**
 * Creates the tracker of a log at its end: from the last state that was stored, and the entries after
 * it. Ids continue, and none is used twice.
 * @param end of the log, which is stored
 */
export async function restoreTracker(
  log: LogRef,
  end: LogEnd,
  zones: readonly ZoneOrLine[],
  options?: RequestOptions,
): Promise<RowTracker> {
  const tracker = createRowTracker(zones, await readCheckpoint(log, end.next - 1, options));
  const { state } = tracker;
  const reader = createLogReader(log, state.row);
  let nextId = state.tracker.next_id;
  for await (const { entries } of reader.readNew(options)) {
    for (const entry of entries) {
      tracker.add(entry);
      nextId = Math.max(nextId, idAfter(entry));
    }
  }
  // Rows of another build may have other ids.
  state.tracker.next_id = Math.max(state.tracker.next_id, nextId);
  return tracker;
}

/** Reads the last state that was stored up to a row. */
async function readCheckpoint(
  log: LogRef,
  lastRow: number,
  options?: RequestOptions,
): Promise<TracksState> {
  const rows = await listCheckpoints(log, options);
  const row = rows.findLast((each) => each <= lastRow);
  const key = row !== undefined && logKeys.tracks(log.uuid, row);
  const data = key ? await log.store.find(BUCKETS.streams, key, options) : undefined;
  if (!data) return startTracks();
  // Our own writing, but possibly that of another build.
  const { version, ...state } = JSON.parse(data.toString('utf8')) as TracksState & {
    version: number;
  };
  return version === TRACKER_VERSION ? state : startTracks(state.row, state.tracker.next_id);
}

/** Numbers of the rows whose states are stored, in ascending order. */
async function listCheckpoints(
  { store, uuid }: LogRef,
  options?: RequestOptions,
): Promise<number[]> {
  const rows: number[] = [];
  for await (const key of store.list(BUCKETS.streams, logKeys.tracksOf(uuid), options)) {
    const row = parseTracksKey(key);
    if (row !== undefined) rows.push(row);
  }
  return rows.sort((a, b) => a - b);
}

/** Lowest id that an entry and those before it do not use. */
function idAfter(entry: LogEntry): number {
  if (isGap(entry)) return 1;
  return Math.max(0, ...entry.detections.map(({ track_id = 0 }) => track_id)) + 1;
}
