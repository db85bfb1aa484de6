import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WorkflowFailedError } from '@temporalio/client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../config/index.js';
import { VIDEO_QUEUE } from '../../domain/job/task-queues.js';
import { BUCKETS, CONTROL_STREAM } from '../../domain/names.js';
import { createCameras } from '../../domain/stream/cameras.js';
import { isGap, type LogEntry } from '../../domain/stream/entry.js';
import { logKeys } from '../../domain/stream/log/log-keys.js';
import type { ScenarioChange, SealedScenario } from '../../domain/stream/scenario-contracts.js';
import { CONFIGURE_UPDATE, STREAM_SIGNALS } from '../../domain/stream/scenario-control.js';
import type { ScenarioRequest } from '../../domain/stream/scenario-input.js';
import type { ControlStream } from '../../workflows/index.js';
import { startScenario, type TestScenario } from '../support/camera-scenarios.js';
import { decodeHistory } from '../support/histories.js';
import { CAMERA_SECRET, startHttpCamera, stopHttpCameras } from '../support/http-camera.js';
import { makeMovingClip, serveMovingImages } from '../support/moving-camera.js';
import {
  connectSharedStack,
  readSharedLogs,
  type SharedConnection,
} from '../support/shared-stack.js';

const SECONDS = 6;

let stack: SharedConnection;
let file: string;
let started: TestScenario[] = [];
beforeAll(async () => {
  stack = await connectSharedStack();
  const folder = join(stack.settings['VIDETTE_FILE_ROOT']!, 'streams'); // set for the shared stack
  await mkdir(folder, { recursive: true });
  file = `file://${await makeMovingClip(join(folder, 'clip.mp4'), SECONDS)}`;
});
afterEach(async () => {
  for (const { handle } of started) await handle.terminate().catch(() => undefined); // it has ended
  started = [];
  stopHttpCameras();
});
afterAll(() => stack?.close());

async function start(input: Omit<ScenarioRequest, 'scenario_uuid'>, uuid?: string) {
  const scenario = await startScenario(stack, input, uuid);
  started.push(scenario);
  return scenario;
}

const rowsOf = (entries: readonly LogEntry[]) =>
  entries.flatMap((entry) => (isGap(entry) ? [] : [entry.frame_number]));
const reasonsOf = (entries: readonly LogEntry[]) =>
  entries.flatMap((entry) => (isGap(entry) ? [entry.gap.reason] : []));
/** 1 to the number of texts. */
const numbersTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

/** Waits until the camera gives rows, and returns the number of the last one. */
async function liveRows(scenario: TestScenario, above = 0): Promise<number> {
  const number = async () => (await scenario.heartbeat())?.frame_number ?? 0;
  await expect.poll(number).toBeGreaterThan(above);
  return number();
}

describe('a file as a camera', () => {
  it('ends with a row for each of its frames, and an account of all time', async () => {
    const scenario = await start({ camera_url: file, pace: 'fast', fps: 2 });
    const outcome = await scenario.handle.result();
    const rows = rowsOf(await scenario.entries());
    expect(rows).toEqual(numbersTo(SECONDS * 2));
    expect(outcome).toMatchObject({ scenario_uuid: scenario.uuid, state: 'ended' });
    expect(outcome.frames).toBe(rows.length);
    expect((await scenario.account())?.problems).toEqual([]);
    const stored = await stack.documents.scenarios.find(scenario.uuid);
    expect(stored).toMatchObject({ camera: file, end: { state: 'ended', error: null, outcome } });
  });

  it('continues its numbers when it is started again under its uuid', async () => {
    const first = await start({ camera_url: file, pace: 'fast', fps: 2 });
    await first.handle.result();
    const second = await start({ camera_url: file, pace: 'fast', fps: 2 }, first.uuid);
    const outcome = await second.handle.result();
    const entries = await second.entries();
    expect(rowsOf(entries)).toEqual(numbersTo(SECONDS * 4));
    expect(outcome.frames).toBe(SECONDS * 2);
    expect((await second.account())?.problems).toEqual([]);
  });

  it('is paused, resumed, changed and stopped without a number twice', async () => {
    const scenario = await start({ camera_url: file, loop: true, fps: 5 });
    await liveRows(scenario);
    await scenario.handle.signal(STREAM_SIGNALS.pause);
    await expect.poll(async () => scenario.heartbeat()).toBeUndefined();
    expect(await scenario.status()).toMatchObject({ desired: 'paused' });
    const paused = rowsOf(await scenario.entries()).length;
    await scenario.handle.signal(STREAM_SIGNALS.resume);
    const resumed = await liveRows(scenario, paused);
    const activity = await scenario.activityId();
    const changed = await scenario.handle.executeUpdate<SealedScenario, [ScenarioChange]>(
      CONFIGURE_UPDATE,
      { args: [{ conf: 0.5 }] },
    );
    expect(changed.conf).toBe(0.5);
    await expect.poll(() => scenario.activityId()).not.toBe(activity);
    await liveRows(scenario, resumed);
    await scenario.handle.signal(STREAM_SIGNALS.stop);
    const outcome = await scenario.handle.result();
    const entries = await scenario.entries();
    expect(outcome).toMatchObject({ state: 'stopped', frames: rowsOf(entries).length });
    expect(rowsOf(entries)).toEqual(numbersTo(outcome.frames));
    expect(reasonsOf(entries)).toContain('paused');
    expect(reasonsOf(entries)).not.toContain('worker_lost');
    expect((await scenario.account())?.problems).toEqual([]);
  });

  it('is stopped by a workflow, which schedules can start', async () => {
    const scenario = await start({ camera_url: file, loop: true });
    await liveRows(scenario);
    const control = (uuid: string) =>
      stack.client.workflow.execute<typeof ControlStream>(CONTROL_STREAM, {
        taskQueue: VIDEO_QUEUE,
        workflowId: `streams-control-${randomUUID()}`,
        args: [{ scenario_uuid: uuid, action: 'stop' }],
      });
    await control(scenario.uuid.toUpperCase());
    expect((await scenario.handle.result()).state).toBe('stopped');
    await expect(control(randomUUID())).rejects.toMatchObject({
      cause: { type: 'SCENARIO_NOT_FOUND' },
    });
  });

  it('keeps what it saw when its workflow is cancelled', async () => {
    const scenario = await start({ camera_url: file, loop: true });
    await liveRows(scenario);
    await scenario.handle.cancel();
    await expect(scenario.handle.result()).rejects.toBeInstanceOf(WorkflowFailedError);
    const stored = await stack.documents.scenarios.find(scenario.uuid);
    expect(stored?.end).toMatchObject({ state: 'stopped', error: null });
    expect(stored?.end?.outcome?.frames).toBeGreaterThan(0);
  });
});

describe('an input that is wrong', () => {
  it.each<[what: string, input: Omit<ScenarioRequest, 'scenario_uuid'>, type: string]>([
    ['a secret URL', { camera_url: `rtsp://a:${CAMERA_SECRET}@127.0.0.1/x` }, 'INVALID_INPUT'],
    ['an unknown camera', { camera_id: 'streams-absent' }, 'CAMERA_NOT_FOUND'],
    [
      'a file outside of the allowed folder',
      { camera_url: 'file:///etc/hostname' },
      'INVALID_INPUT',
    ],
  ])('ends the scenario: %s', async (_, input, type) => {
    const scenario = await start(input);
    const failure = await scenario.handle.result().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(WorkflowFailedError);
    const { cause } = failure as WorkflowFailedError;
    expect(cause).toMatchObject({ type });
    expect(cause?.message).not.toContain(CAMERA_SECRET);
  });

  it('rejects a change of other fields, and records nothing', async () => {
    const scenario = await start({ camera_url: file, loop: true });
    await liveRows(scenario);
    const change = (fields: object) =>
      scenario.handle.executeUpdate(CONFIGURE_UPDATE, { args: [fields] });
    await expect(change({ scenario_uuid: randomUUID() })).rejects.toMatchObject({
      cause: {
        type: 'INVALID_INPUT',
        message: expect.stringContaining('scenario_uuid') as unknown,
      },
    });
    await expect(change({ fps: 0 })).rejects.toMatchObject({ cause: { type: 'INVALID_INPUT' } });
    expect((await scenario.status()).scenario?.fps).toBe(2);
    await scenario.handle.signal(STREAM_SIGNALS.stop);
    await scenario.handle.result();
  });
});

describe('an MJPEG camera with a secret URL', () => {
  it('is changed without a new connection, and its secret is in its sealed document only', async () => {
    let connections = 0;
    const { requestUrl } = await startHttpCamera((request, response) => {
      connections++;
      serveMovingImages(request, response);
    });
    const { cameraKey } = readConfig(stack.settings).streams;
    const cameras = createCameras(stack.documents.cameras, cameraKey);
    await cameras.put({ camera_id: 'streams-secret', url: requestUrl });
    const scenario = await start({ camera_id: 'streams-secret', fps: 5 });
    const rows = await liveRows(scenario, 5);
    const [connected, activity] = [connections, await scenario.activityId()];
    await scenario.handle.executeUpdate(CONFIGURE_UPDATE, { args: [{ conf: 0.5 }] });
    await expect.poll(() => scenario.activityId()).not.toBe(activity);
    await liveRows(scenario, rows);
    expect(connections).toBe(connected);
    const places = {
      heartbeat: JSON.stringify(await scenario.heartbeat()),
      processes: await readProcesses(),
      status: JSON.stringify(await scenario.status()),
      documents: JSON.stringify([
        await stack.documents.scenarios.find(scenario.uuid),
        await stack.documents.cameras.list(),
      ]),
    };
    await scenario.handle.signal(STREAM_SIGNALS.stop);
    const outcome = await scenario.handle.result();
    const later = {
      history: decodeHistory(await scenario.handle.fetchHistory()),
      objects: await readObjects(scenario.uuid),
      logs: await readSharedLogs(),
    };
    const found = Object.entries({ ...places, ...later }).filter(([, text]) =>
      text.includes(CAMERA_SECRET),
    );
    expect(found.map(([place]) => place)).toEqual([]);
    expect(later.history).toContain('streams-secret'); // payloads are decoded
    expect(outcome.frames).toBeGreaterThan(5);
  });
});

/** Command lines and environments of all processes, except of this one and its parents. */
async function readProcesses(): Promise<string> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const files = pids.flatMap((pid) => [`/proc/${pid}/cmdline`, `/proc/${pid}/environ`]);
  const texts = files.map((path) => readFile(path, 'utf8').catch(() => '')); // it has exited
  return (await Promise.all(texts)).join('\n');
}

async function readObjects(uuid: string): Promise<string> {
  const texts: string[] = [];
  for await (const key of stack.objects.list(BUCKETS.streams, logKeys.scenario(uuid))) {
    texts.push(key, (await stack.objects.get(BUCKETS.streams, key)).toString('utf8'));
  }
  return texts.join('\n');
}
