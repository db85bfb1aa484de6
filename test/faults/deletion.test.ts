import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { VidetteClient } from '../../client/index.js';
import { BUCKETS, frameObjects, keys } from '../../domain/names.js';
import { CLIP_KINDS, makeClip } from '../support/clips.js';
import { DELETE_RUNS_SOON } from '../support/delete-runs-soon.js';
import { startStack, type TestStack } from '../support/stack.js';
import { tracesOf } from '../support/traces.js';
import { clientOf } from '../support/vidette-client.js';

const CLIP = { ...CLIP_KINDS.find(({ name }) => name === 'constant rate')!, frames: 600 };
const VIDEO = 'long';
/** So many that a deletion takes longer than a kill. */
const FRAMES = 4000;
const RUNS_FOR_MS = 120_000;

let stack: TestStack;
let client: VidetteClient;
beforeAll(async () => {
  stack = await startStack({}, DELETE_RUNS_SOON);
  client = clientOf(stack);
  const path = join(stack.folder, 'long.mp4');
  await makeClip(CLIP, path);
  await stack.putVideo(VIDEO, path);
});
afterAll(() => stack?.close());

const job = (event_id: string) =>
  ({ video_id: VIDEO, event_id, frames: 'objects', every: 1, preprocess: false }) as const;

async function countFrames(id: string): Promise<number> {
  const { bucket, prefix } = frameObjects(id);
  let count = 0;
  for await (const _ of stack.objects.list(bucket, prefix)) count++;
  return count;
}

const traces = (id: string) => tracesOf(stack, id, join(stack.folder, 'scratch'));

it(
  'deletes a job whose deletion is interrupted by the end of its worker',
  async () => {
    const id = 'interrupted';
    await stack.run(job(id));
    const extra = Array.from({ length: FRAMES }, (_, i) => keys.frame(id, 1000 + i));
    for (let i = 0; i < FRAMES; i += 50) {
      const some = extra.slice(i, i + 50);
      await Promise.all(some.map((key) => stack.objects.put(BUCKETS.frames, key, 'x')));
    }
    const before = await countFrames(id);
    await client.deleteJob(id, { timeoutMs: 0 });
    while ((await countFrames(id)) === before);
    const pid = stack.workers.pid('video_worker');
    stack.workers.kill9('video_worker');
    const left = await countFrames(id);
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThan(before);
    expect(await stack.documents.findEvent(id)).toBeDefined();
    await stack.workers.restarted('video_worker', pid);
    expect(await client.deleteJob(id)).toMatchObject({ deleted: true });
    expect(await traces(id)).toEqual([]);
  },
  RUNS_FOR_MS,
);

it(
  'deletes a running job, also from the scratch of a worker that was killed in the meantime',
  async () => {
    const id = 'running';
    const handle = await stack.start(job(id));
    await stack.reached(handle, 100);
    const pid = stack.workers.pid('video_worker');
    const deletion = client.deleteJob(id);
    stack.workers.kill9('video_worker');
    await stack.workers.restarted('video_worker', pid);
    expect(await deletion).toMatchObject({ deleted: true });
    await expect.poll(() => traces(id), { timeout: 30_000 }).toEqual([]);
  },
  RUNS_FOR_MS,
);
