import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { VidetteClient } from '../../client/index.js';
import { MOCK_MODEL_NAME } from '../../domain/model/known-models.js';
import { BUCKETS, keys } from '../../domain/names.js';
import { clipWorkflowIdOf } from '../../domain/workflow-ids.js';
import { sha256OfFile } from '../../platform/file-hash.js';
import { runLongJob } from '../support/long-job.js';
import { packetPlaces } from '../support/media-files.js';
import { ffmpegsOn, scratchLeftovers } from '../support/processes.js';
import { startStack, type TestStack } from '../support/stack.js';
import { clientOf, waitForFrames, waitForRenderStart } from '../support/vidette-client.js';

const ID = 'long';
/** Longer than a cancellation takes on any machine, and shorter than a timeout. */
const WITHIN_MS = 20_000;
const RUNS_FOR_MS = 120_000;
/** Minimum confidence of a job, above those of all objects of the model. */
const NO_OBJECTS = 0.99;

let stack: TestStack;
let client: VidetteClient;
beforeAll(async () => {
  stack = await startStack({ VIDETTE_MODEL: MOCK_MODEL_NAME });
  client = clientOf(stack);
  await runLongJob(stack, ID, { seconds: 120, every: 200 });
});
afterAll(async () => {
  await stack?.close();
});

it(
  'completes an annotated video although its worker is killed',
  async () => {
    const codec = ['-c:v', 'libx264', '-preset', 'ultrafast'];
    await runLongJob(stack, 'killed', { seconds: 60, every: 100, codec });
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
