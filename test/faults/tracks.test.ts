import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createModelRegistry } from '../../adapters/store/model-registry.js';
import type { JobRequest } from '../../domain/job/job-input.js';
import { BUCKETS, keys, tracksPrefix } from '../../domain/names.js';
import { CLIP_KINDS, type ClipKind, makeClip } from '../support/clips.js';
import { CITY, writeConstantDetector } from '../support/constant-detectors.js';
import { startStack, type TestStack } from '../support/stack.js';

/** Some dozen ranges, so that a worker can be killed between two of them. */
const CLIP: ClipKind = {
  ...CLIP_KINDS.find(({ name }) => name === 'constant rate')!,
  frames: 1500,
};
const RUNS_FOR_MS = 180_000;
const VIDEO = 'tracks-long';

let stack: TestStack;
beforeAll(async () => {
  stack = await startStack();
  const path = join(stack.folder, 'long.mp4');
  await makeClip(CLIP, path);
  await stack.putVideo(VIDEO, path);
  const model = await writeConstantDetector(stack.folder, CITY);
  await createModelRegistry(stack.objects).publish(model.path, model.manifest);
}, RUNS_FOR_MS);
afterAll(() => stack?.close());

const job = (event_id: string): JobRequest => {
  const plain = { every: 1, frames: 'none', preprocess: false } as const;
  return { video_id: VIDEO, event_id, model: CITY.name, ...plain, tracking: true };
};

/** Stored tracks of a job by range. */
async function tracksOf(eventId: string): Promise<Record<string, string>> {
  const stored: Record<string, string> = {};
  const prefix = tracksPrefix(eventId);
  for await (const key of stack.objects.list(BUCKETS.results, prefix)) {
    stored[key.slice(prefix.length)] = (await stack.objects.get(BUCKETS.results, key)).toString();
  }
  return stored;
}

it(
  'stores the same tracks and result after the worker was killed while it followed objects',
  async () => {
    await stack.run(job('tracks-undisturbed'));
    const undisturbed = await tracksOf('tracks-undisturbed');
    const handle = await stack.start(job('tracks-killed'));
    const pid = stack.workers.pid('video_worker');
    const first = () => stack.objects.find(BUCKETS.results, keys.tracks('tracks-killed', 0));
    await expect.poll(first, { interval: 5, timeout: RUNS_FOR_MS }).toBeDefined();
    stack.workers.kill9('video_worker');
    const before = Object.keys(await tracksOf('tracks-killed')).length;
    expect(before).toBeLessThan(Object.keys(undisturbed).length);
    await stack.workers.restarted('video_worker', pid);
    expect(await handle.result()).toMatchObject({ status: 'ready', frames: CLIP.frames });
    expect(await tracksOf('tracks-killed')).toEqual(undisturbed);
    const [killed, expected] = [
      await stack.result('tracks-killed'),
      await stack.result('tracks-undisturbed'),
    ];
    const { frames, tracks, summary } = killed;
    expect({ frames, tracks, summary }).toEqual({
      ...{ frames: expected.frames, tracks: expected.tracks, summary: expected.summary },
    });
    expect(tracks!.length).toBeGreaterThan(0);
  },
  RUNS_FOR_MS,
);
