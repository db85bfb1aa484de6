import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createModelRegistry } from '../../adapters/store/model-registry.js';
import type { JobRequest } from '../../domain/job/job-input.js';
import type { ModelManifest } from '../../domain/model/model-manifest.js';
import { BUCKETS, keys } from '../../domain/names.js';
import { createMockModel } from '../../models/mock/mock-model.js';
import { CLIP_KINDS, type ClipKind, makeClip } from '../support/clips.js';
import type { JobHandle } from '../support/jobs.js';
import { lanesOf, runningOf } from '../support/processes.js';
import { startStack, type TestStack } from '../support/stack.js';

const CLIP: ClipKind = {
  ...CLIP_KINDS.find(({ name }) => name === 'constant rate')!,
  frames: 600,
};
const VIDEO = 'models';
const RUNS_FOR_MS = 120_000;
/** In Temporal's enumeration of the states of a pending activity. */
const STARTED = 2;

// All tests share one stack, whose worker process never restarts.
let stack: TestStack;
let worker: number;
beforeAll(async () => {
  stack = await startStack();
  await makeClip(CLIP, join(stack.folder, 'models.mp4'));
  await stack.putVideo(VIDEO, join(stack.folder, 'models.mp4'));
  worker = stack.workers.pid('detect_worker');
  // The worker runs already.
  await publishMock('second');
});
afterAll(() => stack?.close());

const modelFiles = new Map<string, Buffer>();

/** Publishes the model `mock` under a name, with unique bytes. */
async function publishMock(name: string): Promise<ModelManifest> {
  const { bytes, manifest } = createMockModel();
  // Unknown top-level field, which readers ignore: number 1000, text.
  const label = Buffer.from(name);
  const variant = Buffer.concat([bytes, Buffer.from([0xc2, 0x3e, label.length]), label]);
  const path = join(stack.folder, `${name}.onnx`);
  await writeFile(path, variant);
  modelFiles.set(name, variant);
  const sha256 = createHash('sha256').update(variant).digest('hex');
  const registry = createModelRegistry(stack.objects);
  return registry.publish(path, { ...manifest, name, sha256, size_bytes: variant.length });
}

function job(event_id: string, model: string): JobRequest {
  return { video_id: VIDEO, event_id, model, frames: 'none', every: 1, preprocess: false };
}

async function expectAllFrames(eventId: string, model: string): Promise<void> {
  const result = await stack.result(eventId);
  expect(result.model.name).toBe(model);
  expect(result.skipped).toEqual([]);
  expect(result.frames.map(({ frame }) => frame)).toEqual(
    Array.from({ length: CLIP.frames }, (_, frame) => frame),
  );
}

const readyz = () => stack.workers.readyz('detect_worker');

/** Number of started detection attempts of a job; undefined before the first one. */
async function begunDetections(handle: JobHandle): Promise<number | undefined> {
  const { raw } = await handle.describe();
  const detections = (raw.pendingActivities ?? []).filter(
    ({ activityType }) => activityType?.name === 'detectObjects',
  );
  if (detections.length === 0) return undefined;
  return detections.filter(({ state, attempt }) => Number(state) === STARTED || attempt !== 1)
    .length;
}

describe('a running stack that is given another model', () => {
  it(
    'loads it in new lanes and ends the old ones without a restart',
    async () => {
      const before = await lanesOf(worker);
      expect(before).toHaveLength(2);
      const started = await stack.start(job('second', 'second'));
      expect(await started.result()).toMatchObject({ status: 'ready', frames: CLIP.frames });
      await expectAllFrames('second', 'second');
      await expect.poll(() => runningOf(before), { timeout: 20_000 }).toEqual([]);
      expect(await lanesOf(worker)).toHaveLength(2);
      expect(stack.workers.pid('detect_worker')).toBe(worker);
    },
    RUNS_FOR_MS,
  );

  it(
    'runs jobs of two models side by side',
    async () => {
      const names = ['second', 'yolox_nano'] as const;
      const jobs = names.map((name) => stack.run(job(`beside-${name}`, name)));
      const peak = watchLanes();
      await Promise.all(jobs);
      expect(await peak()).toBeLessThanOrEqual(3);
      for (const name of names) await expectAllFrames(`beside-${name}`, name);
      expect(stack.workers.pid('detect_worker')).toBe(worker);
    },
    RUNS_FOR_MS,
  );

  /** Counts lane processes from this call on; resolves with the maximum at any moment. */
  function watchLanes(): () => Promise<number> {
    let most = 0;
    let watching = true;
    const watch = async () => {
      while (watching) most = Math.max(most, (await lanesOf(worker)).length);
    };
    const done = watch();
    return async () => {
      watching = false;
      await done;
      return most;
    };
  }
});

describe.each([
  ['missing', (key: string) => stack.objects.remove(BUCKETS.models, key)],
  ['damaged', (key: string) => stack.objects.put(BUCKETS.models, key, 'damaged')],
])('a listed model whose file is %s', (how, spoil) => {
  it(
    'stops polling until it is repaired, while its job and another one wait',
    async () => {
      const { name, version } = await publishMock(`once-${how}`);
      const key = keys.model(name, version);
      await spoil(key);
      const waits = await stack.start(job(`waits-${how}`, name));
      await expect.poll(async () => (await readyz()).status, { timeout: 60_000 }).toBe(503);
      const { body } = await readyz();
      expect(body).toMatchObject({ ready: false });
      expect(JSON.stringify(body)).toContain(how);
      const other = await stack.start(job(`beside-${how}`, 'second'));
      await expect.poll(() => begunDetections(other), { timeout: 30_000 }).toBe(0);
      // A worker that polls would process some of these ranges in this time.
      await new Promise((resolve) => setTimeout(resolve, 5000));
      expect(await begunDetections(other)).toBe(0);
      await stack.objects.put(BUCKETS.models, key, modelFiles.get(name)!);
      for (const handle of [waits, other]) {
        expect(await handle.result()).toMatchObject({ status: 'ready', frames: CLIP.frames });
      }
      await expectAllFrames(`waits-${how}`, name);
      await expectAllFrames(`beside-${how}`, 'second');
      expect(await readyz()).toEqual({ status: 200, body: { ready: true } });
      expect(stack.workers.pid('detect_worker')).toBe(worker);
    },
    2 * RUNS_FOR_MS,
  );
});

describe('a model that is removed while a worker waits for its file', () => {
  it(
    'fails its job and keeps the worker running',
    async () => {
      const { name, version } = await publishMock('removed');
      await stack.objects.remove(BUCKETS.models, keys.model(name, version));
      const failing = await stack.start(job('removed', name));
      await expect.poll(async () => (await readyz()).status, { timeout: 60_000 }).toBe(503);
      await createModelRegistry(stack.objects).remove({ name, version });
      await expect.poll(async () => (await readyz()).status, { timeout: 60_000 }).toBe(200);
      await expect(failing.result()).rejects.toMatchObject({ cause: { type: 'MODEL_NOT_FOUND' } });
      expect(stack.workers.pid('detect_worker')).toBe(worker);
    },
    RUNS_FOR_MS,
  );
});

describe('a worker that waits for a model', () => {
  it(
    'exits at once on SIGTERM, and its next process continues',
    async () => {
      const { name, version } = await publishMock('at-stop');
      const key = keys.model(name, version);
      await stack.objects.remove(BUCKETS.models, key);
      const waits = await stack.start(job('at-stop', name));
      await expect.poll(async () => (await readyz()).status, { timeout: 60_000 }).toBe(503);
      const lanes = await lanesOf(worker);
      const start = performance.now();
      process.kill(worker, 'SIGTERM');
      await expect.poll(() => runningOf([worker, ...lanes]), { timeout: 20_000 }).toEqual([]);
      expect(performance.now() - start).toBeLessThan(5000);
      await stack.objects.put(BUCKETS.models, key, modelFiles.get(name)!);
      await stack.workers.restarted('detect_worker', worker);
      expect(await waits.result()).toMatchObject({ status: 'ready', frames: CLIP.frames });
    },
    RUNS_FOR_MS,
  );
});

describe('a worker that receives SIGTERM while it detects', () => {
  it(
    'exits within its grace period and returns its ranges',
    async () => {
      const before = stack.workers.pid('detect_worker');
      const handle = await stack.start(job('stopped', 'yolox_nano'));
      await expect.poll(() => begunDetections(handle), { timeout: 30_000 }).toBeGreaterThan(0);
      const start = performance.now();
      process.kill(before, 'SIGTERM');
      await expect.poll(() => runningOf([before]), { timeout: 30_000 }).toEqual([]);
      expect(performance.now() - start).toBeLessThan(14_000);
      await stack.workers.restarted('detect_worker', before);
      expect(await handle.result()).toMatchObject({ status: 'ready', frames: CLIP.frames });
      await expectAllFrames('stopped', 'yolox_nano');
    },
    RUNS_FOR_MS,
  );
});
