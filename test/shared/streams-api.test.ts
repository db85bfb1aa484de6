import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type {
  DeployedStream,
  Stream,
  StreamAccount,
  StreamPage,
  Timeline,
  VidetteClient,
} from '../../client/index.js';
import { BUCKETS } from '../../domain/names.js';
import type { CameraTest } from '../../domain/stream/camera-test.js';
import type { StoredRow } from '../../domain/stream/row.js';
import { type ApiClient, apiAt, json } from '../support/api.js';
import { eventsOf } from '../support/event-stream.js';
import { CAMERA_SECRET, startHttpCamera, stopHttpCameras } from '../support/http-camera.js';
import { makeMovingClip, serveMovingImages } from '../support/moving-camera.js';
import {
  connectSharedStack,
  readSharedLogs,
  type SharedConnection,
} from '../support/shared-stack.js';
import { clientOf } from '../support/vidette-client.js';

let stack: SharedConnection;
let client: VidetteClient;
let api: ApiClient;
let file: string;
let uuids: string[] = [];
beforeAll(async () => {
  stack = await connectSharedStack();
  client = clientOf(stack);
  api = apiAt(stack.apiUrl);
  const folder = join(stack.settings['VIDETTE_FILE_ROOT']!, 'streams-api'); // set for the shared stack
  await mkdir(folder, { recursive: true });
  file = pathToFileURL(await makeMovingClip(join(folder, 'clip.mp4'), 4)).href;
});
afterEach(async () => {
  for (const uuid of uuids) await client.streams.delete(uuid).catch(() => undefined); // it is deleted
  uuids = [];
  stopHttpCameras();
});
afterAll(() => stack?.close());

function newUuid(): string {
  const uuid = randomUUID();
  uuids.push(uuid);
  return uuid;
}

const get = (uuid: string) => json<Stream>(api.at(`/streams/${uuid}`));
const stateOf = async (uuid: string) => (await get(uuid)).state;
const post = (uuid: string, action: string) => api.post(`/streams/${uuid}/${action}`, {});

const LOAD_METRICS = ['slots_used', 'rows_behind', 'frames_dropped'].map(
  (name) => `vidette_stream_${name}`,
);

/** Reads the names of the metrics of a scenario. */
async function readMetrics(uuid: string): Promise<string[]> {
  const text = await (await fetch(`${stack.apiUrl}/metrics`)).text();
  const lines = text.split('\n').filter((line) => line.includes(uuid));
  return lines.map((line) => line.slice(0, line.indexOf('{')));
}

/** Reads the rows of a scenario from the beginning as JSON lines. */
async function readRows(uuid: string): Promise<StoredRow[]> {
  const text = await (await api.at(`/streams/${uuid}/results`)).text();
  const lines = text
    .trimEnd()
    .split('\n')
    .filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as StoredRow);
}

/** Follows rows as events until some have arrived. */
async function followRows(uuid: string, count: number, lastEventId?: string): Promise<StoredRow[]> {
  const headers = {
    accept: 'text/event-stream',
    ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
  };
  const stop = new AbortController();
  const { signal } = stop;
  const response = await api.at(`/streams/${uuid}/results?follow=1`, { headers, signal });
  const rows: StoredRow[] = [];
  for await (const { id, event, data } of eventsOf(response)) {
    expect(event).toBe('row');
    rows.push(data as StoredRow);
    expect(id).toBe(String(rows.at(-1)!.frame_number));
    if (rows.length === count) break;
  }
  stop.abort();
  return rows;
}

describe('a scenario over HTTP', () => {
  it('is deployed once, followed, paused, changed, stopped and deleted', async () => {
    const scenario_uuid = newUuid();
    const message = { scenario_uuid, camera_url: file, loop: true, fps: 5, worker_id: 'w' };
    const first = await api.post('/streams', message);
    expect(first.status).toBe(201);
    expect(await json<DeployedStream>(first)).toMatchObject({ started: true, worker_id: 'w' });
    expect((await api.post('/streams', message)).status).toBe(200);
    expect((await api.post('/streams', { ...message, fps: 2 })).status).toBe(409);

    const followed = await followRows(scenario_uuid, 4);
    expect(followed.map(({ frame_number }) => frame_number)).toEqual([1, 2, 3, 4]);
    const resumed = await followRows(scenario_uuid, 2, '4');
    expect(resumed.map(({ frame_number }) => frame_number)).toEqual([5, 6]);
    // The state follows the rows with the next heartbeat.
    await expect.poll(() => stateOf(scenario_uuid)).toBe('live');
    expect(await get(scenario_uuid)).toMatchObject({
      ...{ message: 'Frames are detected.', worker_id: 'w', camera: file },
    });
    await expect.poll(() => readMetrics(scenario_uuid)).toEqual(LOAD_METRICS);

    expect((await post(scenario_uuid, 'pause')).status).toBe(202);
    await expect.poll(() => stateOf(scenario_uuid)).toBe('paused');
    await expect.poll(() => readMetrics(scenario_uuid)).toEqual([]);
    const paused = await readRows(scenario_uuid);
    expect(paused.slice(0, 6)).toEqual([...followed, ...resumed]);
    await post(scenario_uuid, 'resume');
    await expect.poll(() => stateOf(scenario_uuid)).toBe('live');
    const body = JSON.stringify({ fps: 2 });
    const headers = { 'content-type': 'application/json' };
    const changed = await api.at(`/streams/${scenario_uuid}`, { method: 'PATCH', headers, body });
    expect(await json<Stream>(changed)).toMatchObject({ parameters: { fps: 2 } });

    await post(scenario_uuid, 'stop');
    await expect.poll(async () => (await get(scenario_uuid)).ended_at).not.toBeNull();
    const rows = await readRows(scenario_uuid);
    expect(rows.map(({ frame_number }) => frame_number)).toEqual(rows.map((_, index) => index + 1));
    const account = await json<StreamAccount>(api.at(`/streams/${scenario_uuid}/account`));
    expect(account).toMatchObject({ problems: [], frames: rows.length });
    const total = Object.values(account.gaps).reduce(
      (sum, seconds) => sum + seconds,
      account.seen_s,
    );
    const length = (Date.parse(account.to) - Date.parse(account.from)) / 1000;
    expect(total).toBeCloseTo(length, 3);
    const { parts } = await json<Timeline>(api.at(`/streams/${scenario_uuid}/timeline?step_s=60`));
    expect(parts.reduce((sum, { seen_s }) => sum + seen_s, 0)).toBeCloseTo(account.seen_s, 3);

    const deleted = await api.at(`/streams/${scenario_uuid}`, { method: 'DELETE' });
    expect(deleted.status).toBe(204);
    expect((await api.at(`/streams/${scenario_uuid}/results`)).status).toBe(404);
    const left: string[] = [];
    for await (const key of stack.objects.list(BUCKETS.streams, `${scenario_uuid}/`))
      left.push(key);
    expect(left).toEqual([]);
  });

  it('ends its stream of results when a file has ended', async () => {
    const scenario_uuid = newUuid();
    await api.post('/streams', { scenario_uuid, camera_url: file, pace: 'fast', fps: 2 });
    const text = await (await api.at(`/streams/${scenario_uuid}/results?follow=1`)).text();
    const rows = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as StoredRow);
    expect(rows).toHaveLength(8);
    expect(rows).toEqual(await readRows(scenario_uuid));
    await expect.poll(() => stateOf(scenario_uuid)).toBe('ended');
    expect((await get(scenario_uuid)).outcome).toMatchObject({ frames: 8, state: 'ended' });
  });

  it('rejects a wrong file with what to do, and shows it in the list', async () => {
    const scenario_uuid = newUuid();
    const camera_url = `${file}.missing`;
    await api.post('/streams', { scenario_uuid, camera_url });
    await expect.poll(async () => (await get(scenario_uuid)).ended_at).not.toBeNull();
    expect((await get(scenario_uuid)).message).toContain('VIDETTE_FILE_ROOT');
    const { streams } = await json<StreamPage>(api.at('/streams?limit=100'));
    expect(streams.map((stream) => stream.scenario_uuid)).toContain(scenario_uuid);
  });
});

describe('an MJPEG camera with a secret URL', () => {
  it('is tested, added and watched without showing the secret', async () => {
    const { requestUrl: url } = await startHttpCamera(serveMovingImages);
    const tested = await api.post('/cameras/test', { url });
    expect(await json<CameraTest>(tested)).toMatchObject({
      codec: 'mjpeg',
      width: 128,
      height: 64,
    });
    const camera_id = `streams-api-${randomUUID()}`;
    expect((await api.post('/cameras', { camera_id, url })).status).toBe(201);
    const scenario_uuid = newUuid();
    await api.post('/streams', { scenario_uuid, camera_id, fps: 5 });
    await followRows(scenario_uuid, 2);
    const image = Buffer.from(
      await (await api.at(`/streams/${scenario_uuid}/latest.jpg`)).arrayBuffer(),
    );
    expect(await sharp(image).metadata()).toMatchObject({ format: 'jpeg', width: 128 });
    const boxes = await api.at(`/streams/${scenario_uuid}/latest.jpg?boxes=1`);
    expect(boxes.status).toBe(200);
    const shown = await Promise.all(
      [`/streams/${scenario_uuid}`, '/streams', '/cameras'].map(async (path) =>
        (await api.at(path)).text(),
      ),
    );
    expect(shown.join('')).not.toContain(CAMERA_SECRET);
    expect(await readSharedLogs()).not.toContain(CAMERA_SECRET);
    const inUse = await api.at(`/cameras/${camera_id}`, { method: 'DELETE' });
    expect(inUse.status).toBe(400);
    await client.streams.delete(scenario_uuid);
    expect((await api.at(`/cameras/${camera_id}`, { method: 'DELETE' })).status).toBe(204);
  });

  it('responds 409 for live images of a scenario that has none', async () => {
    const scenario_uuid = newUuid();
    await api.post('/streams', { scenario_uuid, camera_url: file, pace: 'fast' });
    await expect.poll(() => stateOf(scenario_uuid)).toBe('ended');
    expect((await api.at(`/streams/${scenario_uuid}/latest.jpg`)).status).toBe(409);
  });
});
