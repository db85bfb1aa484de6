import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LOG_START, LOG_UUID } from '../../test/support/log-entries.js';
import { createMemoryObjectStore } from '../../test/support/memory-object-store.js';
import { createMemoryStreamEvents } from '../../test/support/memory-stream-events.js';
import { notifyRule, rowAt, streamObject } from '../../test/support/stream-rows.js';
import { ROOM, walkTo } from '../../test/support/tracked-rows.js';
import { isoTime, type LogEntry } from '../../domain/stream/entry.js';
import { causeOf } from '../../domain/stream/gap.js';
import { AppError } from '../../domain/errors.js';
import { BUCKETS } from '../../domain/names.js';
import { eventKey } from '../../domain/stream/event-keys.js';
import type { StreamEventDocument } from '../../domain/stream/events/event-document.js';
import { parseScenarioInput, type ScenarioRequest } from '../../domain/stream/scenario-input.js';
import { createRowTracker } from '../../domain/stream/tracks/row-tracker.js';
import type { Clip, ClipRecorder } from '../clips/clip-recorder.js';
import { createEventRecorder, type EventRecorder } from './event-recorder.js';

const PERSON = streamObject('person');
const URL = 'https://example.com/hook';
const EVENT_ID = '20260111T123000000Z-0';
const REF = { scenario_uuid: LOG_UUID, event_id: EVENT_ID };
const JPEG = Buffer.from([0xff, 0xd8, 0xff]);
const at = (second: number) => LOG_START + second * 1000;

/** Time without rows. */
function pauseBetween(from: number, to: number): LogEntry {
  const gap = { from: isoTime(at(from)), to: isoTime(at(to)), ...causeOf('overload') };
  return { scenario_uuid: LOG_UUID, gap };
}

let folder: string;
let objects: ReturnType<typeof createMemoryObjectStore>;
let events: ReturnType<typeof createMemoryStreamEvents>;
let sent: string[];
let failures: unknown[];
/** Calls of the clip recorder, and what it does next. */
let calls: string[];
let finish: (eventId: string, toMs: number) => Promise<Clip>;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-events-'));
  objects = createMemoryObjectStore();
  await objects.ensureBucket(BUCKETS.streams);
  events = createMemoryStreamEvents();
  [sent, failures, calls] = [[], [], []];
  const path = join(folder, 'clip.mp4');
  await writeFile(path, 'a clip');
  finish = (_, toMs) =>
    Promise.resolve({ path, bytes: 6, from: at(-5), to: Math.min(toMs, at(30)) });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const clips: ClipRecorder = {
  start: (id, fromMs) => void calls.push(`start ${id} ${(fromMs - LOG_START) / 1000}`),
  finish: (id, toMs) => {
    calls.push(`finish ${id} ${(toMs - LOG_START) / 1000}`);
    return finish(id, toMs);
  },
  remove: (id) => Promise.resolve(void calls.push(`remove ${id}`)),
  keepOnly: () => Promise.resolve(),
  close: () => Promise.resolve(void calls.push('close')),
};

const scenarioOf = (request: Partial<ScenarioRequest>) =>
  parseScenarioInput({ scenario_uuid: LOG_UUID, camera_id: 'gate', ...request });
const RULE = { frames: 1, quiet_s: 2 };

function open(
  request: Partial<ScenarioRequest> = {},
  {
    isTemporalAway = () => false,
    past,
  }: { isTemporalAway?: () => boolean; past?: LogEntry[] } = {},
): EventRecorder {
  return createEventRecorder({
    ...{
      scenario: scenarioOf({ notify: [RULE], ...request }),
      events,
      clips,
    },
    recall: past && (() => Promise.resolve(past)),
    ...{ objects, snapshot: () => Promise.resolve(JPEG), onFailure: (e) => failures.push(e) },
    notifier: {
      notify: ({ url, id, message }) => {
        if (isTemporalAway()) return Promise.reject(new AppError('SERVER_UNAVAILABLE', 'Away.'));
        sent.push(`${message.type} ${id} ${url}`);
        return Promise.resolve();
      },
    },
  });
}
/** Resolves when a recorder has read the past. */
const ready = () => new Promise((resolve) => setTimeout(resolve, 50));
const found = () => events.find(REF);
const settled = (fields: Partial<StreamEventDocument>) =>
  expect.poll(found, { timeout: 5000 }).toMatchObject(fields);

describe('a recorder of events', () => {
  it('stores an event when it starts, and its end', async () => {
    const recorder = open();
    recorder.add([rowAt(0, 1, PERSON)]);
    await settled({ ...REF, ended_at: null, snapshot: false, clip: null, done: false });
    recorder.add([rowAt(1, 2, PERSON), rowAt(4, 3)]);
    await settled({ ended_at: rowAt(1, 2).timestamp, last_frame: 2, done: true });
    expect([sent, calls, failures]).toEqual([[], [], []]);
    await recorder.close(true);
  });

  it('stores the passages of zones once, and those of tracks that end with the scenario', async () => {
    const tracker = createRowTracker([ROOM]);
    const rows = walkTo(6, (n) => [n * 30]).map(tracker.add);
    const request = { tracking: true, zones: [ROOM], notify: [] };
    const recorder = open(request, { past: rows });
    recorder.add(rows);
    recorder.ended(tracker.finish());
    await recorder.close(true);
    const stored = await events.list({ scenarioUuid: LOG_UUID, limit: 10 });
    expect(stored.map(({ zone }) => zone)).toEqual([
      { name: 'room', kind: 'left', track_id: 1, dwell_ms: 1000, vanished: true },
      { name: 'room', kind: 'entered', track_id: 1 },
    ]);
    expect(await events.listUndone(LOG_UUID)).toEqual([]);
  });

  it('ends an event when time passes without rows', async () => {
    const recorder = open();
    recorder.add([rowAt(0, 1, PERSON)]);
    await settled({ done: false });
    recorder.add([pauseBetween(1, 2)]);
    await settled({ done: false });
    recorder.add([pauseBetween(2, 3)]);
    await settled({ done: true });
  });

  it('sends the webhooks of an event', async () => {
    const recorder = open({ notify: [{ ...RULE, url: URL }] });
    recorder.add([rowAt(0, 1, PERSON), rowAt(3, 2)]);
    await settled({ webhooks_due: [], done: true });
    expect(sent).toEqual([
      `stream.event.started ${EVENT_ID}-started ${URL}`,
      `stream.event.ended ${EVENT_ID}-ended ${URL}`,
    ]);
    await recorder.close(true);
  });

  it('stores the clip and the snapshot of an event', async () => {
    const recorder = open({ record: { before_s: 5, after_s: 10 } });
    recorder.add([rowAt(0, 1, PERSON)]);
    await settled({ clip: { state: 'recording' }, snapshot: true });
    expect(await objects.get(BUCKETS.streams, eventKey(LOG_UUID, EVENT_ID, 'jpg'))).toEqual(JPEG);
    recorder.add([rowAt(3, 2)]);
    const span = { from: rowAt(-5, 1).timestamp, to: rowAt(10, 1).timestamp };
    await settled({ clip: { state: 'stored', ...span, bytes: 6 }, done: true });
    const clip = await objects.get(BUCKETS.streams, eventKey(LOG_UUID, EVENT_ID, 'mp4'));
    expect(clip.toString()).toBe('a clip');
    expect(calls).toEqual([
      ...[`start ${EVENT_ID} -5`, `finish ${EVENT_ID} 10`, `remove ${EVENT_ID}`],
    ]);
  });

  it('reports a clip that failed', async () => {
    finish = () => Promise.reject(new AppError('BAD_VIDEO', 'No video arrived for the clip.'));
    const recorder = open({ record: {} });
    recorder.add([rowAt(0, 1, PERSON), rowAt(3, 2)]);
    const clip = { state: 'failed', message: 'No video arrived for the clip.' } as const;
    await settled({ clip, done: true });
    await recorder.close(true);
    expect(calls).toContain(`remove ${EVENT_ID}`);
  });

  it('repeats what fails, and leaves an event with its clip to the next process', async () => {
    let isAway = true;
    const request = { notify: [{ ...RULE, url: URL }], record: {} };
    const first = open(request, { isTemporalAway: () => isAway });
    first.add([rowAt(0, 1, PERSON)]);
    await settled({ webhooks_due: ['started'], clip: { state: 'recording' } });
    await expect.poll(() => failures.length).toBeGreaterThan(0);
    const closing = first.close(false);
    isAway = false;
    await closing;
    const message = 'The recording ended with the worker that made it.';
    const clip = expect.objectContaining({ state: 'stored', message }) as never;
    await settled({ ended_at: null, webhooks_due: [], clip });

    const second = open(request, { past: [] });
    second.add([rowAt(1.5, 5, PERSON), rowAt(8, 6)]);
    await settled({ ended_at: rowAt(1.5, 5).timestamp, first_frame: 1, last_frame: 5, clip });
    await settled({ webhooks_due: [], done: true });
    expect(sent).toEqual([
      `stream.event.started ${EVENT_ID}-started ${URL}`,
      `stream.event.ended ${EVENT_ID}-ended ${URL}`,
    ]);
    await second.close(true);
    expect(await events.listUndone(LOG_UUID)).toEqual([]);
  });

  it('continues after a crash with the clip that was recorded, and with rows that were not seen', async () => {
    const first = open({ record: {} });
    const past = [rowAt(0, 1, PERSON), rowAt(0.5, 2, PERSON), rowAt(20, 3, PERSON)];
    first.add(past.slice(0, 1));
    await settled({ clip: { state: 'recording' } });
    // The process is killed: it has not seen the other rows.
    const second = open({ record: {} }, { past });
    const message = 'The recording ended with the worker that made it.';
    await settled({ last_frame: 2, clip: { state: 'stored', message } as never, done: true });
    expect(calls).toContain(`finish ${EVENT_ID} Infinity`);
    const [newest] = await events.list({ scenarioUuid: LOG_UUID, limit: 1 });
    expect(newest).toMatchObject({ first_frame: 3, clip: { state: 'recording' } });
    await second.close(true);
  });

  it('reports a clip for which the store has no room', async () => {
    objects.putFile = () => Promise.reject(new AppError('STORE_FULL', 'The store is full.'));
    const recorder = open({ record: {} });
    recorder.add([rowAt(0, 1, PERSON), rowAt(3, 2)]);
    await settled({ clip: { state: 'failed', message: 'The store is full.' }, done: true });
    await recorder.close(true);
    expect(calls).toContain(`remove ${EVENT_ID}`);
  });

  it('ends open events when its rules change or the scenario ends', async () => {
    const recorder = open();
    recorder.add([rowAt(0, 1, PERSON)]);
    await settled({ ended_at: null });
    recorder.configure(scenarioOf({ notify: [RULE], fps: 5 }));
    recorder.configure(scenarioOf({ notify: [{ ...RULE, conf: 0.5 }] }));
    await settled({ done: true });
    recorder.add([rowAt(60, 2, PERSON)]);
    await recorder.close(true);
    const [newest] = await events.list({ scenarioUuid: LOG_UUID, limit: 9 });
    expect(newest).toMatchObject({ first_frame: 2, ended_at: rowAt(60, 2).timestamp, done: true });
  });

  it('notifies each URL once when the camera is down, and when it is back', async () => {
    const other = 'https://example.com/other';
    const notify = [URL, other, URL].map((url) => notifyRule({ url, classes: ['dog'] }));
    const recorder = open({ notify }, { past: [rowAt(0, 1)] });
    await ready();
    for (const second of [30, 31, 40])
      recorder.check({ state: 'silent', message: 'x' }, at(second));
    recorder.rowMade(at(50));
    recorder.rowMade(at(50.5));
    await recorder.close(true);
    expect(sent).toEqual([
      `stream.down 20260111T123000000Z-0-down ${URL}`,
      `stream.down 20260111T123000000Z-1-down ${other}`,
      `stream.up 20260111T123000000Z-0-up ${URL}`,
      `stream.up 20260111T123000000Z-1-up ${other}`,
    ]);
  });
});
