import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { VidetteClient } from '../../client/index.js';
import { MOCK_MODEL_NAME } from '../../domain/model/known-models.js';
import { BUCKETS, keys } from '../../domain/names.js';
import { clipWorkflowIdOf, renderWorkflowIdOf } from '../../domain/workflow-ids.js';
import { sha256OfFile } from '../../platform/file-hash.js';
import { startApi, type TestApi } from '../support/api.js';
import { packetPlaces } from '../support/media-files.js';
import { ffmpegsOn, scratchLeftovers } from '../support/processes.js';
import { startStack, type TestStack } from '../support/stack.js';
import { clientOf, waitForFrames, waitForRenderStart } from '../support/vidette-client.js';

const ID = 'long';
/** Codec that browsers cannot play: both videos are encoded, which takes long enough. */
const CODEC = ['-c:v', 'mpeg4', '-q:v', '3'];
/** Longer than a cancellation takes on any machine, and shorter than a timeout. */
const WITHIN_MS = 20_000;
const RUNS_FOR_MS = 120_000;
/** Minimum confidence of a job, above those of all objects of the model. */
const NO_OBJECTS = 0.99;

let stack: TestStack;
let api: TestApi;
let client: VidetteClient;
beforeAll(async () => {
  stack = await startStack({ VIDETTE_MODEL: MOCK_MODEL_NAME });
  client = clientOf(stack);
  api = await startApi(stack);
  const path = join(stack.folder, 'long.mp4');
  const input = ['-f', 'lavfi', '-i', 'testsrc2=s=1280x720:r=25:d=120'];
  await execa('ffmpeg', ['-v', 'error', ...input, ...CODEC, path]);
  await stack.putVideo(ID, path);
  await stack.run({ video_id: ID, event_id: ID, every: 200, frames: 'none' });
});
afterAll(async () => {
  await api?.stop();
  await stack?.close();
});

const at = (address: string, init?: RequestInit) =>
  fetch(`${api.url}/api/v1/jobs/${address}`, init);
const cancel = async (address: string) => {
  const response = await at(address, { method: 'DELETE' });
  return [response.status, await response.json()] as const;
};

describe.each([
  ['annotated', `${ID}/export?format=mp4`],
  ['preview', `${ID}/video`],
] as const)('the %s video', (kind, address) => {
  it(
    'stops within seconds, leaves nothing behind, and is rendered again on request',
    async () => {
      await waitForRenderStart(client, ID, kind);
      expect(await cancel(address)).toEqual([202, { cancelling: true }]);
      const run = () => stack.client.workflow.getHandle(renderWorkflowIdOf(ID, kind)).describe();
      const status = async () => (await run()).status.name;
      await expect.poll(status, { timeout: WITHIN_MS }).toBe('CANCELLED');
      expect(await ffmpegsOn(stack.folder)).toEqual([]);
      expect(await scratchLeftovers(stack.folder)).toEqual([]);
      const key = keys.render(ID, kind);
      expect(await stack.objects.stat(BUCKETS.results, key)).toBeUndefined();
      expect(await cancel(address)).toEqual([202, { cancelling: false }]);
      await waitForRenderStart(client, ID, kind);
      await client.cancelRender(ID, kind);
      await expect.poll(status, { timeout: WITHIN_MS }).toBe('CANCELLED');
    },
    RUNS_FOR_MS,
  );

  it(
    'reports the cancellation to waiting requests',
    async () => {
      await waitForRenderStart(client, ID, kind);
      const waiting = at(`${address}${address.includes('?') ? '&' : '?'}wait=1`);
      await client.cancelRender(ID, kind);
      const response = await waiting;
      expect(response.status).toBe(422);
      const { detail } = (await response.json()) as { detail: string };
      expect(detail).toContain('was cancelled');
    },
    RUNS_FOR_MS,
  );
});

it.each<[string, string, number, string]>([
  ['a missing job', 'nowhere/export?format=mp4', 404, 'job-not-found'],
  ['its preview', 'nowhere/video', 404, 'job-not-found'],
  ['an export that is not rendered in advance', `${ID}/export?format=csv`, 400, 'invalid-request'],
])('rejects the cancellation of %s', async (_, address, status, kind) => {
  expect(await cancel(address)).toMatchObject([status, { type: `/problems/${kind}` }]);
});

it(
  'completes an annotated video although its worker is killed',
  async () => {
    const path = join(stack.folder, 'killed.mp4');
    const input = ['-f', 'lavfi', '-i', 'testsrc2=s=1280x720:r=25:d=60'];
    const codec = ['-c:v', 'libx264', '-preset', 'ultrafast'];
    await execa('ffmpeg', ['-v', 'error', ...input, ...codec, path]);
    await stack.putVideo('killed', path);
    await stack.run({ video_id: 'killed', event_id: 'killed', every: 100, frames: 'none' });
    await waitForRenderStart(client, 'killed', 'annotated');
    stack.workers.kill9('video_worker');
    expect((await client.annotatedVideo('killed')).state).toBe('ready');
    const annotated = join(stack.folder, 'killed.annotated.mp4');
    const key = keys.render('killed', 'annotated');
    await stack.objects.getFile(BUCKETS.results, key, annotated);
    expect(await packetPlaces(annotated)).toHaveLength(1500);
  },
  RUNS_FOR_MS,
);

it(
  'completes the video of the differences with the same bytes although its worker is killed',
  async () => {
    const [all, none] = ['reel-all', 'reel-none'];
    const job = { video_id: ID, every: 10, frames: 'none' } as const;
    await stack.run({ ...job, event_id: all });
    await stack.run({ ...job, event_id: none, conf: NO_OBJECTS });
    const { key } = await expectReel(all, none);
    const path = join(stack.folder, 'reel.mp4');
    await stack.objects.getFile(BUCKETS.results, key, path);
    const undisturbed = await sha256OfFile(path);
    expect(await packetPlaces(path)).toHaveLength(300);
    await stack.objects.remove(BUCKETS.results, key);

    await waitForFrames((options) => client.diffReel(all, none, options));
    const pid = stack.workers.pid('video_worker');
    stack.workers.kill9('video_worker');
    expect(await stack.objects.stat(BUCKETS.results, key)).toBeUndefined();
    await stack.workers.restarted('video_worker', pid);
    expect(await expectReel(all, none)).toMatchObject({ key });
    await stack.objects.getFile(BUCKETS.results, key, path);
    expect(await sha256OfFile(path)).toBe(undisturbed);
    expect(await ffmpegsOn(stack.folder)).toEqual([]);
    expect(await scratchLeftovers(stack.folder)).toEqual([]);
  },
  RUNS_FOR_MS,
);

it(
  'cancels a clip, and completes it with the same bytes although its worker is killed',
  async () => {
    const span = { fromMs: 10_000, toMs: 100_000 };
    const request = (options: object) => client.clip(ID, { ...span, ...options });
    const clip = { event_id: ID, from_ms: 10_000, to_ms: 100_000, boxes: 'all' } as const;
    await waitForFrames(request);
    expect(await client.cancelClip(ID, span)).toBe(true);
    const run = () => stack.client.workflow.getHandle(clipWorkflowIdOf(clip)).describe();
    const status = async () => (await run()).status.name;
    await expect.poll(status, { timeout: WITHIN_MS }).toBe('CANCELLED');
    expect(await ffmpegsOn(stack.folder)).toEqual([]);
    expect(await stack.objects.stat(BUCKETS.results, keys.clip(clip))).toBeUndefined();

    await waitForFrames(request);
    const pid = stack.workers.pid('video_worker');
    stack.workers.kill9('video_worker');
    await stack.workers.restarted('video_worker', pid);
    expect((await client.clip(ID, span)).state).toBe('ready');
    const path = join(stack.folder, 'clip.mp4');
    await stack.objects.getFile(BUCKETS.results, keys.clip(clip), path);
    expect(await packetPlaces(path)).toHaveLength(90 * 25);
    const disturbed = await sha256OfFile(path);
    await stack.objects.remove(BUCKETS.results, keys.clip(clip));
    expect((await client.clip(ID, span)).state).toBe('ready');
    await stack.objects.getFile(BUCKETS.results, keys.clip(clip), path);
    expect(await sha256OfFile(path)).toBe(disturbed);
    expect(await scratchLeftovers(stack.folder)).toEqual([]);
  },
  RUNS_FOR_MS,
);

/** Waits for a video of the differences. */
async function expectReel(a: string, b: string) {
  const reel = await client.diffReel(a, b);
  if (reel.state !== 'ready') throw new Error('The video is not ready');
  return reel;
}
