import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { causeOf } from '../domain/stream/gap.js';
import type { LogRef } from '../domain/stream/log/fence.js';
import { epochOf } from '../domain/stream/log/log-keys.js';
import { createLogReader } from '../domain/stream/log/read-log.js';
import { parseScenarioInput, type ScenarioRequest } from '../domain/stream/scenario-input.js';
import { createRowTracker } from '../domain/stream/tracks/row-tracker.js';
import type { LogEntry } from '../domain/stream/entry.js';
import { localModel } from '../test/support/lane-jobs.js';
import { createMemoryLog, LOG_START, LOG_UUID } from '../test/support/log-entries.js';
import { ROOM, trackedRow } from '../test/support/tracked-rows.js';
import { createJournalRoom } from './journal.js';
import { createJournalSync } from './journal-sync.js';
import { SessionLog } from './session-log.js';
import { createTimeline } from './timeline.js';

const TRACKED = { tracking: true, zones: [ROOM] };

let folder: string;
let log: LogRef;
let attempt: number;
let sessions: SessionLog[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-session-'));
  [log, attempt, sessions] = [await createMemoryLog(), 0, []];
});
afterEach(async () => {
  for (const session of sessions) session.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Takes the log over as another process would, on this host or another one. */
async function open(request: Partial<ScenarioRequest>, host = 'a') {
  const room = createJournalRoom(createJournalSync({ onFailure: () => undefined }));
  const session = new SessionLog({
    ...{ log, folder: join(folder, host), room, logger: pino({ level: 'silent' }) },
    onMade: () => undefined,
    onTakenOver: () => undefined,
  });
  sessions.push(session);
  await attach(session, request);
  return session;
}

async function attach(session: SessionLog, request: Partial<ScenarioRequest>): Promise<void> {
  const scenario = parseScenarioInput({ scenario_uuid: LOG_UUID, camera_id: 'a', ...request });
  const options = {
    ...{ scenario, epoch: epochOf(1, ++attempt), startedAt: LOG_START, model: localModel('m') },
    ...{ cameraUrl: 'rtsp://10.0.0.7', signal: new AbortController().signal },
  };
  session.continueFrom(await session.takeOver(options), options);
  session.configure(scenario);
}

/** Makes the rows of some slots: a person who walks to the right. */
function make({ ledger, append }: SessionLog, from: number, to: number, isTracked = true): void {
  const timeline = createTimeline({
    ledger: ledger!,
    cause: causeOf('overload'),
    onStretch: append,
  });
  for (let n = from; n <= to; n++) {
    const { detections, timestamp, tracks } = trackedRow(n, n * 10);
    const slot = { arrival: Date.parse(timestamp), fps: 2, losses: [] };
    timeline.addFrame(slot, { detections, ...(isTracked && { tracks: tracks! }) });
  }
}

async function read(): Promise<LogEntry[]> {
  const entries: LogEntry[] = [];
  for await (const stretch of createLogReader(log).readNew()) entries.push(...stretch.entries);
  return entries;
}
const idsIn = (entries: readonly LogEntry[]) =>
  entries.flatMap((entry) =>
    'detections' in entry ? entry.detections.map(({ track_id }) => track_id ?? null) : [],
  );

describe('the tracks of a session', () => {
  it('continue in the next process, also with rows that only the journal has', async () => {
    const first = await open(TRACKED);
    make(first, 1, 5);
    await first.flush();
    make(first, 6, 8); // it is killed before these are stored
    const second = await open(TRACKED);
    make(second, 9, 12);
    await second.flush();
    const entries = await read();
    expect(idsIn(entries)).toEqual([null, ...Array.from({ length: 11 }, () => 1)]);
    expect(entries).toEqual(entries.map(createRowTracker([ROOM]).add));
  });

  it('continue on another host from what is stored', async () => {
    const first = await open(TRACKED);
    make(first, 1, 5);
    await first.flush();
    make(first, 6, 8);
    const second = await open(TRACKED, 'b');
    make(second, 6, 12);
    await second.flush();
    const entries = await read();
    expect(idsIn(entries)).toEqual([null, ...Array.from({ length: 11 }, () => 1)]);
    // Attached again, the first process has rows that are not part of the log.
    make(first, 13, 14);
    await attach(first, TRACKED);
    make(first, 30, 34);
    await first.flush();
    const later = await read();
    expect(later.slice(0, entries.length)).toEqual(entries);
    expect(idsIn(later.slice(entries.length))).toEqual([null, 2, 2, 2, 2]);
    expect(later).toEqual(later.map(createRowTracker([ROOM]).add));
  });

  it('have new ids after they have ended', async () => {
    const first = await open(TRACKED);
    make(first, 1, 14);
    await first.finish(1000);
    expect(await first.endTracks()).toMatchObject([{ kind: 'left', vanished: true }]);
    const second = await open(TRACKED);
    make(second, 15, 17);
    await second.flush();
    expect(idsIn(await read()).slice(14)).toEqual([null, 2, 2]);
  });

  it('are absent without tracking, and have new ids when it is set again', async () => {
    const first = await open(TRACKED);
    make(first, 1, 4);
    await first.finish(1000);
    await first.endTracks();
    const second = await open({});
    make(second, 5, 8, false);
    await second.finish(1000);
    expect(await second.endTracks()).toEqual([]);
    const third = await open(TRACKED);
    make(third, 9, 12);
    await third.flush();
    const ids = idsIn(await read());
    expect(ids).toEqual([null, 1, 1, 1, null, null, null, null, null, 2, 2, 2]);
  });
});
