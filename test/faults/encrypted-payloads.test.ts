import { join } from 'node:path';
import { Client } from '@temporalio/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectClient } from '../../adapters/temporal/connection.js';
import type { VidetteClient } from '../../client/index.js';
import { readConfig } from '../../config/index.js';
import { VIDEO_DETECTION } from '../../domain/names.js';
import { workflowIdOf } from '../../domain/workflow-ids.js';
import { VIDEO_QUEUE } from '../../domain/job/task-queues.js';
import { makeClip } from '../support/clips.js';
import { startStack, type TestStack } from '../support/stack.js';
import { clientOf } from '../support/vidette-client.js';

/** Texts that must not occur in the data that Temporal stores. */
const SECRETS = { video: 'planted-video-7f3a', class: 'traffic light', model: 'yolox_nano' };
const KEYS = [1, 2].map((fill) => `key-${fill}:${Buffer.alloc(32, fill).toString('base64')}`);
const CLIP = {
  ...{ name: 'encrypted', extension: 'mp4', frames: 200 },
  options: ['-c:v', 'libx264', '-preset', 'veryfast', '-g', '25'],
};

let stack: TestStack;
let encryptingClient: VidetteClient;
let closeConnection: () => Promise<void>;
beforeAll(async () => {
  // During a key rotation: the workers encrypt with the new key, the client with the old one.
  stack = await startStack({ VIDETTE_PAYLOAD_KEYS: KEYS.toReversed().join() });
  const path = join(stack.folder, 'clip.mp4');
  await makeClip(CLIP, path);
  await stack.putVideo(SECRETS.video, path);
  const { temporal } = readConfig({ ...stack.settings, VIDETTE_PAYLOAD_KEYS: KEYS.join() });
  const { client, connection } = await connectClient(temporal);
  closeConnection = () => connection.close();
  encryptingClient = clientOf({ ...stack, client });
});
afterAll(async () => {
  await closeConnection?.();
  await stack?.close();
});

/** Client without keys: reads what anyone with access to Temporal can read. */
function withoutKeys(): Client {
  const { connection } = stack.client;
  return new Client({ connection, namespace: 'default' });
}

/** Everything that Temporal returns about a job: its history and description, bytes as text. */
async function readAllOfTemporal(eventId: string): Promise<string> {
  const { workflow, workflowService } = withoutKeys();
  const workflowId = workflowIdOf(eventId);
  const history = await workflow.getHandle(workflowId).fetchHistory();
  const description = await workflowService.describeWorkflowExecution({
    ...{ namespace: 'default', execution: { workflowId } },
  });
  return textOf([history, description]);
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('latin1');
  if (value === null || typeof value !== 'object') return '';
  const members = Object.entries(value).map(([name, member]) => `${name} ${textOf(member)}`);
  return members.join('\n');
}

function expectNoSecret(text: string): void {
  expect(text).toContain('key-');
  for (const secret of Object.values(SECRETS)) expect(text).not.toContain(secret);
}

test('completes a job without storing its content as plain text in Temporal', async () => {
  const { event_id } = await encryptingClient.submit(
    { video_id: SECRETS.video },
    { event_id: 'encrypted-one', classes: [SECRETS.class, 'person'], every: 1 },
  );
  const seen: number[] = [];
  for await (const { frames_done } of encryptingClient.status(event_id)) seen.push(frames_done);
  expect(seen.at(-1)).toBe(CLIP.frames);
  const outcome = await encryptingClient.result(event_id);
  expect(outcome).toMatchObject({ status: 'ready', frames: CLIP.frames, video_id: SECRETS.video });
  expect(await encryptingClient.resultJson(event_id)).toMatchObject({ video_id: SECRETS.video });
  const reported = await readAllOfTemporal(event_id);
  expectNoSecret(reported);
  // Search attributes stay readable, so that jobs can be found.
  expect(reported).toContain('EventId');
  expect(await encryptingClient.jobs()).toEqual([
    expect.objectContaining({ event_id, status: 'ready' }),
  ]);
});

test('renders a video and reports its progress', async () => {
  const reported: number[] = [];
  const onProgress = ({ frames_total }: { frames_total: number }) =>
    void reported.push(frames_total);
  const video = await encryptingClient.annotatedVideo('encrypted-one', { onProgress });
  expect(video.state).toBe('ready');
  expect(reported.length).toBeGreaterThan(0);
});

test('returns a progress query that is readable only with a key', async () => {
  const progress = async (client: Client) =>
    client.workflow.getHandle(workflowIdOf('encrypted-one')).query('progress');
  const { temporal } = readConfig({ ...stack.settings, VIDETTE_PAYLOAD_KEYS: KEYS.join() });
  const { client, connection } = await connectClient(temporal);
  expect(await progress(client)).toMatchObject({ stage: 'done', frames_done: CLIP.frames });
  await connection.close();
  await expect(progress(withoutKeys())).rejects.toThrow(/encoding: binary\/encrypted/);
});

test('stores the reason of a failed job readable only with a key', async () => {
  const event_id = 'encrypted-failed';
  const classes = [`${SECRETS.class}s`];
  await encryptingClient.submit({ video_id: SECRETS.video }, { event_id, classes });
  await expect(encryptingClient.result(event_id)).rejects.toThrow(`${SECRETS.class}s`);
  const reported = await readAllOfTemporal(event_id);
  expectNoSecret(reported);
  expect(reported).toContain('Encoded failure');
  expect(reported).toContain('INVALID_INPUT');
});

test('reads a job that was submitted without encryption', async () => {
  const client = withoutKeys();
  await client.workflow.start(VIDEO_DETECTION, {
    taskQueue: VIDEO_QUEUE,
    workflowId: workflowIdOf('plain'),
    args: [{ video_id: SECRETS.video, event_id: 'plain' }],
  });
  expect(await encryptingClient.result('plain')).toMatchObject({ status: 'ready', frames: 40 });
  // Proves that the search above finds plain text.
  expect(await readAllOfTemporal('plain')).toContain(SECRETS.video);
});
