import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../config/index.js';
import { BUCKETS } from '../../domain/names.js';
import { createCameras } from '../../domain/stream/cameras.js';
import { isGap, type LogEntry } from '../../domain/stream/entry.js';
import { eventKey } from '../../domain/stream/event-keys.js';
import { createEventRules } from '../../domain/stream/events/event-rules.js';
import type { StreamEvent } from '../../domain/stream/events/stream-event.js';
import { STREAM_SIGNALS } from '../../domain/stream/scenario-control.js';
import type { ScenarioRequest } from '../../domain/stream/scenario-input.js';
import { notifyRuleSchema } from '../../domain/stream/scenario-rules.js';
import { startScenario, type TestScenario } from '../support/camera-scenarios.js';
import { type CountedCamera, startCountedCamera } from '../support/counted-camera.js';
import { stopHttpCameras } from '../support/http-camera.js';
import { probeMedia } from '../support/read-start.js';
import { cameraProcessesOf, runningOf } from '../support/processes.js';
import { startStack, type TestStack } from '../support/stack.js';
import { clientOf } from '../support/vidette-client.js';
import { ALL_WORKERS } from '../support/workers.js';

/** Cameras of the worker. */
const SLOTS = 2;
const FPS = 5;
/** Longer than the heartbeat timeout of the activity that watches a camera. */
const TEMPORAL_AWAY_MS = 30_000;
const TIMEOUT_MS = 180_000;
/** Reason for which a clip ends before its event. */
const CUT_OFF = 'The recording ended with the worker that made it.';

let stack: TestStack;
beforeAll(async () => {
  const variables = {
    VIDETTE_MODEL: 'mock',
    VIDETTE_CAMERA_NETWORKS: '127.0.0.0/8',
    MAX_WORKERS: String(SLOTS),
  };
  stack = await startStack(variables, [], undefined, ALL_WORKERS);
});
let started: TestScenario[] = [];
afterEach(async () => {
  for (const { handle } of started) {
    await handle.signal(STREAM_SIGNALS.stop).catch(() => undefined); // it has ended
    await handle.result();
  }
  started = [];
  stopHttpCameras();
});
afterAll(() => stack?.close());

/** Starts a scenario with a camera of its own. */
async function start(
  fields: Partial<ScenarioRequest> = {},
): Promise<{ camera: CountedCamera; scenario: TestScenario }> {
  const camera = await startCountedCamera();
  const camera_id = `camera-${randomUUID()}`;
  const { cameraKey } = readConfig(stack.settings).streams;
  await createCameras(stack.documents.cameras, cameraKey).put({ camera_id, url: camera.url });
  const scenario = await startScenario(stack, { camera_id, fps: FPS, ...fields });
  started.push(scenario);
  return { camera, scenario };
}

/** Waits until the log has some more rows, and returns it. */
async function moreRows(scenario: TestScenario, count: number): Promise<LogEntry[]> {
  const rows = async () => (await scenario.entries()).filter((entry) => !isGap(entry)).length;
  const before = await rows();
  await expect.poll(rows).toBeGreaterThanOrEqual(before + count);
  return scenario.entries();
}

const reasonsOf = (entries: readonly LogEntry[]) =>
  entries.flatMap((entry) => (isGap(entry) ? [entry.gap.reason] : []));

/** Expects that all time is accounted for once, and rows are numbered without a hole. */
async function expectWhole(scenario: TestScenario): Promise<void> {
  expect((await scenario.account())?.problems).toEqual([]);
}

describe('a camera whose worker is killed', () => {
  it(
    'continues its log after a gap that is explained, with one process',
    async () => {
      const { camera, scenario } = await start();
      const before = await moreRows(scenario, FPS);
      const pid = stack.workers.pid('stream_worker');
      const processes = await cameraProcessesOf(pid);
      expect(processes).toHaveLength(1);
      stack.workers.kill9('stream_worker');
      await stack.workers.restarted('stream_worker', pid);
      const after = await moreRows(scenario, 2 * FPS);
      expect(after.slice(0, before.length)).toEqual(before);
      expect(reasonsOf(after.slice(before.length))).toContain('worker_lost');
      await expectWhole(scenario);
      expect(await runningOf(processes)).toEqual([]);
      expect(await cameraProcessesOf(stack.workers.pid('stream_worker'))).toHaveLength(1);
      expect(camera).toMatchObject({ connections: 2, mostOpen: 1 });
    },
    TIMEOUT_MS,
  );
});

/** Events that the rules of a scenario make of its whole log. */
function eventsOf(entries: readonly LogEntry[], notify: readonly object[]): StreamEvent[] {
  const rules = createEventRules(notify.map((rule) => notifyRuleSchema.parse(rule)));
  const changes = [...entries.flatMap((entry) => rules.add(entry)), ...rules.close()];
  return changes.flatMap(({ kind, event }) => (kind === 'ended' ? [event] : []));
}

describe('events during which the camera process and the worker are killed', () => {
  it(
    'are the same as of a reader of the log, once each, with their clips or the reason',
    async () => {
      // Every row has an object: the first event continues, and the gap of the worker ends the second.
      const notify = [{ quiet_s: 300 }, { quiet_s: 1 }];
      const { scenario } = await start({ notify, record: { before_s: 1, after_s: 1 } });
      const events = async () => (await clientOf(stack).streams.events(scenario.uuid)).events;
      const recording = { clip: { state: 'recording' }, ended_at: null };
      await expect.poll(events).toMatchObject([recording, recording]);
      const worker = stack.workers.pid('stream_worker');
      const [camera] = await cameraProcessesOf(worker);
      process.kill(camera!, 'SIGKILL');
      await moreRows(scenario, FPS);
      const [next] = await cameraProcessesOf(worker);
      expect(next).not.toBe(camera);
      process.kill(next!, 'SIGKILL');
      stack.workers.kill9('stream_worker');
      await stack.workers.restarted('stream_worker', worker);
      // Two events of a rule start at least ten seconds apart.
      await expect.poll(async () => (await events()).length).toBeGreaterThanOrEqual(3);
      await moreRows(scenario, FPS);
      await scenario.handle.signal(STREAM_SIGNALS.pause);
      const states = async () => new Set((await events()).map(({ clip }) => clip?.state));
      await expect.poll(states).toEqual(new Set(['stored']));
      const stored = await events();
      const expected = eventsOf(await scenario.entries(), notify);
      const byId = (a: StreamEvent, b: StreamEvent) => (a.event_id < b.event_id ? -1 : 1);
      expect(stored.toSorted(byId)).toMatchObject(expected.toSorted(byId));
      expect(stored.filter(({ rule }) => rule === 0)).toMatchObject([
        { clip: { message: CUT_OFF } },
      ]);
      expect(stored[0]!.clip).not.toHaveProperty('message'); // the newest one
      for (const { event_id } of stored) {
        const clip = await stack.objects.get(
          BUCKETS.streams,
          eventKey(scenario.uuid, event_id, 'mp4'),
        );
        expect((await probeMedia(clip)).frames).toBeGreaterThan(0);
      }
      await expectWhole(scenario);
    },
    TIMEOUT_MS,
  );
});

describe('a scenario for which no slot is free', () => {
  it(
    'waits, shows that it does, and gets the slot of one that is paused',
    async () => {
      const live = await Promise.all(Array.from({ length: SLOTS }, () => start()));
      for (const { scenario } of live) await moreRows(scenario, 1);
      const { camera, scenario } = await start();
      const view = () => clientOf(stack).streams.get(scenario.uuid);
      await expect
        .poll(view)
        .toMatchObject({ state: 'waiting', message: 'All slots of the stream workers are taken.' });
      await sleep(3000);
      expect(camera.connections).toBe(0);
      await live[0]!.scenario.handle.signal(STREAM_SIGNALS.pause);
      const entries = await moreRows(scenario, 1);
      expect(reasonsOf(entries)).toContain('waiting_slot');
      expect((await view()).state).toBe('live');
      await expectWhole(scenario);
    },
    TIMEOUT_MS,
  );
});

describe('a camera while Temporal is unavailable', () => {
  it(
    'gives a row in every slot by its one connection',
    async () => {
      const { camera, scenario } = await start();
      const before = await moreRows(scenario, FPS);
      await stack.servers.halt('temporal');
      await sleep(TEMPORAL_AWAY_MS);
      await stack.servers.resume('temporal');
      await expect.poll(() => scenario.heartbeat().catch(() => undefined)).toBeDefined();
      const during = (await scenario.entries()).slice(before.length);
      const rows = during.filter((entry) => !isGap(entry)).length;
      expect(rows).toBeGreaterThan((FPS * TEMPORAL_AWAY_MS) / 2000);
      const after = (await moreRows(scenario, 2 * FPS)).slice(before.length);
      expect(reasonsOf(after).filter((reason) => reason !== 'overload')).toEqual([]);
      await expectWhole(scenario);
      expect(camera).toMatchObject({ connections: 1, mostOpen: 1 });
    },
    TIMEOUT_MS,
  );
});
