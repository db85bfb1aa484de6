import { describe, expect, it } from 'vitest';
import { createMemoryLog, keysOf, LOG_START } from '../../../test/support/log-entries.js';
import { ROOM, walkTo } from '../../../test/support/tracked-rows.js';
import { BUCKETS } from '../../names.js';
import type { LogEntry } from '../entry.js';
import type { LogRef } from '../log/fence.js';
import { epochOf, logKeys } from '../log/log-keys.js';
import { createLogWriter } from '../log/log-writer.js';
import { takeOver } from '../log/take-over.js';
import { encodeCheckpoint, restoreTracker, storeCheckpoint } from './checkpoint.js';
import { createRowTracker } from './row-tracker.js';

const WALK = walkTo(20, (n) => [n * 9, 190 - n * 9]);

/** Writes entries of half a second to a log. */
async function write(log: LogRef, entries: readonly LogEntry[], attempt = 1) {
  const start = await takeOver(log, { epoch: epochOf(1, attempt), startedAt: LOG_START });
  const writer = createLogWriter(log, start);
  for (const entry of entries) {
    const { accountedTo: from } = writer.end;
    writer.append({ fps: 2, from, to: from + 500, entries: [entry] });
  }
  await writer.commit();
  return writer.end;
}

describe('the tracks of a log', () => {
  it('continue from a state and the rows after it', async () => {
    const log = await createMemoryLog();
    const tracker = createRowTracker([ROOM]);
    const stored = WALK.slice(0, 8).map(tracker.add);
    await storeCheckpoint(log, 8, encodeCheckpoint(tracker.state));
    const end = await write(log, [...stored, ...WALK.slice(8, 12).map(tracker.add)]);
    const restored = await restoreTracker(log, end, [ROOM]);
    expect(restored.state).toEqual(tracker.state);
    const rest = WALK.slice(12);
    expect(rest.map(restored.add)).toEqual(rest.map(tracker.add));
  });

  it('continue from the rows alone, and not from a state after the end of the log', async () => {
    const log = await createMemoryLog();
    const tracker = createRowTracker([ROOM]);
    const end = await write(log, WALK.slice(0, 8).map(tracker.add));
    const { state } = tracker;
    const expected = JSON.stringify(state);
    await storeCheckpoint(log, 12, encodeCheckpoint(createRowTracker([]).state));
    expect(JSON.stringify((await restoreTracker(log, end, [ROOM])).state)).toBe(expected);
  });

  it('keep their ids unique after a state of another build', async () => {
    const log = await createMemoryLog();
    const tracker = createRowTracker([ROOM]);
    const end = await write(log, WALK.slice(0, 8).map(tracker.add));
    const other = { ...tracker.state, version: 0 };
    await log.store.put(BUCKETS.streams, logKeys.tracks(log.uuid, 8), JSON.stringify(other));
    const { state } = await restoreTracker(log, end, [ROOM]);
    expect(state.tracker).toMatchObject({ next_id: tracker.state.tracker.next_id, tracks: [] });
  });

  it('have one state that is stored', async () => {
    const log = await createMemoryLog();
    for (const row of [3, 12, 7]) await storeCheckpoint(log, row, '{}');
    expect(await keysOf(log)).toEqual(['tracks/000000000007.json', 'tracks/000000000012.json']);
    await storeCheckpoint(log, 20, '{}');
    expect(await keysOf(log)).toEqual(['tracks/000000000020.json']);
  });
});
