import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../config/index.js';
import { createCameras } from '../../domain/stream/cameras.js';
import { isGap, type LogEntry } from '../../domain/stream/entry.js';
import { STREAM_SIGNALS } from '../../domain/stream/scenario-control.js';
import { startScenario, type TestScenario } from '../support/camera-scenarios.js';
import { type CountedCamera, startCountedCamera } from '../support/counted-camera.js';
import { stopHttpCameras } from '../support/http-camera.js';
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
async function start(): Promise<{ camera: CountedCamera; scenario: TestScenario }> {
  const camera = await startCountedCamera();
  const camera_id = `camera-${randomUUID()}`;
  const { cameraKey } = readConfig(stack.settings).streams;
  await createCameras(stack.documents.cameras, cameraKey).put({ camera_id, url: camera.url });
  const scenario = await startScenario(stack, { camera_id, fps: FPS });
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

describe('a scenario for which no slot is free', () => {
  it(
    'waits, shows that it does, and gets the slot of one that is paused',
    async () => {
      const live = await Promise.all(Array.from({ length: SLOTS }, start));
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
