import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { EventPage, Stream, VidetteClient } from '../../client/index.js';
import { NOTIFY_WEBHOOK } from '../../domain/names.js';
import type { EventClip, RecordedEvent } from '../../domain/stream/events/event-document.js';
import type { StreamMessage } from '../../domain/stream/events/stream-notice.js';
import type { ScenarioRequest } from '../../domain/stream/scenario-input.js';
import { type ApiClient, apiAt, json } from '../support/api.js';
import { camerasOf } from '../support/camera-processes.js';
import { makeCodedUnits } from '../support/coded-units.js';
import { stopHttpCameras } from '../support/http-camera.js';
import {
  type LoopingCamera,
  startMjpegCamera,
  startRtspCamera,
} from '../support/looping-cameras.js';
import { makeNumberedClip } from '../support/numbered-clip.js';
import { probeMedia, readStart } from '../support/read-start.js';
import { connectSharedStack, type SharedConnection } from '../support/shared-stack.js';
import { clientOf } from '../support/vidette-client.js';
import { startReceiver, type TestReceiver } from '../support/webhook-receiver.js';

const SIZE = { width: 320, height: 180 };
const INTERVAL_MS = 100;
const [FRAMES, GOP] = [100, 10];
const RECORD = { before_s: 1, after_s: 1 };
/** Frames of a clip are as far apart as the camera sent them; on a busy machine they arrive later. */
const LATE_MS = 200;

let stack: SharedConnection;
let client: VidetteClient;
let api: ApiClient;
const receivers: TestReceiver[] = [];
const cameras: LoopingCamera[] = [];
const uuids: string[] = [];
beforeAll(async () => {
  stack = await connectSharedStack();
  client = clientOf(stack);
  api = apiAt(stack.apiUrl);
});
afterEach(async () => {
  for (const uuid of uuids.splice(0)) await client.streams.delete(uuid);
  for (const camera of cameras.splice(0)) camera.close();
  for (const receiver of receivers.splice(0)) await receiver.close();
  stopHttpCameras();
});
afterAll(() => stack?.close());

async function receive(): Promise<TestReceiver> {
  receivers.push(await startReceiver());
  return receivers.at(-1)!;
}

async function rtspCamera(): Promise<LoopingCamera> {
  const clip = { codec: 'h264', size: SIZE, frames: FRAMES, gop: GOP, startMs: 0 } as const;
  const units = await makeCodedUnits(join(stack.folder, 'units.h264'), clip);
  cameras.push(await startRtspCamera(units, INTERVAL_MS));
  return cameras.at(-1)!;
}

async function mjpegCamera(): Promise<LoopingCamera> {
  const path = join(stack.folder, 'frames.mjpeg');
  await makeNumberedClip(path, { size: SIZE, frames: FRAMES, options: ['-f', 'mjpeg'] });
  cameras.push(await startMjpegCamera(path, INTERVAL_MS));
  return cameras.at(-1)!;
}

/** Deploys a scenario at 5 frames per second; the default model finds the same objects in each. */
async function deploy(request: Omit<ScenarioRequest, 'scenario_uuid'>): Promise<string> {
  const uuid = randomUUID();
  uuids.push(uuid);
  await client.streams.deploy({ scenario_uuid: uuid, fps: 5, record: RECORD, ...request });
  return uuid;
}

const events = async (uuid: string) =>
  (await json<EventPage>(api.at(`/streams/${uuid}/events`))).events;
const lastRow = async (uuid: string) => (await client.streams.get(uuid)).frame_number ?? 0;
const state = async (uuid: string) => (await json<Stream>(api.at(`/streams/${uuid}`))).state;

/** Waits for the only event of a scenario to satisfy a condition. */
async function eventOf(uuid: string, expected: object): Promise<RecordedEvent> {
  await expect.poll(() => events(uuid)).toMatchObject([expected]);
  return (await events(uuid))[0]!;
}

async function fileOf(event: RecordedEvent, name: 'clip.mp4' | 'snapshot.jpg'): Promise<Buffer> {
  const response = await api.at(`/streams/${event.scenario_uuid}/events/${event.event_id}/${name}`);
  expect(response.status).toBe(200);
  return Buffer.from(await response.arrayBuffer());
}

/** Statuses of the webhooks of a scenario. */
async function webhooksOf(uuid: string): Promise<string[]> {
  const query = `WorkflowType = '${NOTIFY_WEBHOOK}' AND WorkflowId STARTS_WITH 'webhook/stream/${uuid}/'`;
  const found: string[] = [];
  for await (const { status } of stack.client.workflow.list({ query })) found.push(status.name);
  return found;
}

const messagesOf = ({ messages }: TestReceiver) =>
  messages.map(({ body }) => JSON.parse(body) as StreamMessage);
const secondsOf = ({ from, to }: Extract<EventClip, { state: 'stored' }>) =>
  (Date.parse(to) - Date.parse(from)) / 1000;

describe('the event of a rule', () => {
  it('has a clip, a snapshot and one webhook for its start and its end, also if the camera process is killed', async () => {
    const [receiver, camera] = [await receive(), await rtspCamera()];
    const notify = [{ classes: ['mock-large'], url: receiver.url }];
    const uuid = await deploy({ camera_url: camera.url, notify });
    const started = await eventOf(uuid, { snapshot: true, clip: { state: 'recording' } });
    await receiver.received(1);
    // Frames from before the event are only in the camera process until the clip has them.
    const startedAt = await lastRow(uuid);
    await expect.poll(() => lastRow(uuid)).toBeGreaterThan(startedAt + 10);

    const [pid] = await camerasOf(uuid);
    process.kill(pid!, 'SIGKILL');
    await expect.poll(camera.connections).toBe(2);
    const killedAt = await lastRow(uuid);
    await expect.poll(() => lastRow(uuid)).toBeGreaterThan(killedAt + 5);

    await client.streams.pause(uuid);
    const ended = await eventOf(uuid, { clip: { state: 'stored' } });
    expect(ended).toMatchObject({ event_id: started.event_id, classes: ['mock-large'] });
    expect(ended.last_frame).toBeGreaterThan(killedAt + 5);
    expect(ended.ended_at).toBe(ended.last_seen_at);

    const clip = await fileOf(ended, 'clip.mp4');
    expect(await probeMedia(clip)).toMatchObject({ codec: 'h264' });
    const { from, to } = ended.clip as Extract<EventClip, { state: 'stored' }>;
    expect(Date.parse(from)).toBeLessThanOrEqual(Date.parse(ended.started_at));
    expect(Date.parse(to)).toBeGreaterThanOrEqual(Date.parse(ended.last_seen_at) - LATE_MS);
    expect(await probeMedia(await fileOf(ended, 'snapshot.jpg'))).toMatchObject({ codec: 'mjpeg' });

    await receiver.received(2);
    await expect.poll(() => webhooksOf(uuid)).toEqual(['COMPLETED', 'COMPLETED']);
    const types = messagesOf(receiver).map(({ type }) => type);
    expect(types).toEqual(['stream.event.started', 'stream.event.ended']);
  });

  it('has a clip of the JPEGs of an MJPEG camera', async () => {
    const camera = await mjpegCamera();
    const uuid = await deploy({ camera_url: camera.url, notify: [{}] });
    await eventOf(uuid, { snapshot: true, clip: { state: 'recording' } });
    await client.streams.pause(uuid);
    const event = await eventOf(uuid, { clip: { state: 'stored' } });
    const clip = await fileOf(event, 'clip.mp4');
    const seconds = secondsOf(event.clip as Extract<EventClip, { state: 'stored' }>);
    const { codec, frames } = await probeMedia(clip);
    expect(codec).toBe('h264');
    expect(frames / seconds).toBeGreaterThan(5);
  });
});

describe('a live view', () => {
  it('of an RTSP camera is its video, or JPEGs', async () => {
    const camera = await rtspCamera();
    const uuid = await deploy({ camera_url: camera.url });
    await expect.poll(() => state(uuid)).toBe('live');
    const video = await api.at(`/streams/${uuid}/live.mp4`);
    expect(video.headers.get('content-type')).toMatch(/^video\/mp4; codecs="avc1\./);
    const startedAgoMs = Date.now() - Date.parse(video.headers.get('x-start-time')!);
    expect(startedAgoMs).toBeGreaterThan(0);
    expect(await probeMedia(await readStart(video, 10_000))).toMatchObject({ codec: 'h264' });
    const images = await api.at(`/streams/${uuid}/live.mjpeg`);
    const probed = await probeMedia(await readStart(images, 20_000), 'mpjpeg');
    expect(probed).toMatchObject({ codec: 'mjpeg' });
    expect(probed.frames).toBeGreaterThan(1);
  });

  it('of an MJPEG camera are its JPEGs, and no video', async () => {
    const camera = await mjpegCamera();
    const uuid = await deploy({ camera_url: camera.url });
    await expect.poll(() => state(uuid)).toBe('live');
    const video = await api.at(`/streams/${uuid}/live.mp4`);
    expect(video.status).toBe(422);
    expect(await video.text()).toContain('live.mjpeg');
    const images = await api.at(`/streams/${uuid}/live.mjpeg`);
    expect(await probeMedia(await readStart(images, 20_000), 'mpjpeg')).toMatchObject({
      codec: 'mjpeg',
    });
  });
});
