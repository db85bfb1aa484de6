import { setMaxListeners } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { localModel } from '../../test/support/lane-jobs.js';
import type { ImageJob } from './image-job.js';
import { createImageLanes, type ImageLanes } from './image-lanes.js';

/** A lane whose image path selects what it does; it reports the images that ran with it. */
const SCRIPT = `
import { existsSync, writeFileSync } from 'node:fs';
const held = new Set();
const answer = (id, job) => {
  const result = { size: { width: held.size, height: 1 }, found: { kind: 'objects', objects: [] }, inferenceS: process.pid, made: [] };
  held.delete(id);
  process.send({ type: 'done', id, result });
};
process.on('message', ({ type, id, job, model }) => {
  if (type === 'load' && model.manifest.name === 'broken') process.exit(4);
  if (type === 'load') process.send({ type: 'loaded' });
  if (type !== 'detect') return;
  held.add(id);
  if (job.path.endsWith('deadly')) setTimeout(() => process.exit(3), 100);
  else if (job.path.endsWith('once') && !existsSync(job.path)) {
    writeFileSync(job.path, '');
    setTimeout(() => process.exit(3), 100);
  } else if (job.path.endsWith('bad')) process.send({ type: 'failed', id, error: { code: 'DECODE_FAILED', message: 'no', facts: {} } });
  else setTimeout(() => answer(id, job), job.path.endsWith('slow') ? 400 : 5);
});
process.on('disconnect', () => process.exit(0));
`;

let folder: string;
let lanes: ImageLanes;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-image-lanes-'));
  await writeFile(join(folder, 'lane.mjs'), SCRIPT);
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(() => {
  const config = {
    images: { lanes: 1, classifier: undefined, maxBytes: 1, keepDays: 0, auditRate: 0 },
    laneTimeoutMs: 5000,
  };
  lanes = createImageLanes(config, pino({ level: 'silent' }), {
    entry: join(folder, 'lane.mjs'),
  });
});
afterEach(() => lanes.close());

const model = localModel('m', 3);
const options = { conf: 0.25, iou: 0.45, maxDetections: 1 };
const jobOf = (path: string): ImageJob => ({
  ...{ model, path: join(folder, path), isFrame: false, maxPixels: 1, options },
});
const look = (path: string, signal = new AbortController().signal) =>
  lanes.predict(jobOf(path), signal);

it('predicts an image', async () => {
  await expect(look('good')).resolves.toMatchObject({ size: { height: 1 } });
  expect(lanes.counts).toEqual({ serving: 1, held: 0, waiting: 0 });
});

it('reports an invalid image after one try', async () => {
  await expect(look('bad')).rejects.toMatchObject({ code: 'DECODE_FAILED', message: 'no' });
});

it('fails an image that ended two lanes, with the reason', async () => {
  await expect(look('deadly')).rejects.toMatchObject({
    kind: 'image-failed',
    message: expect.stringContaining('Model m@3 crashed on it twice') as string,
  });
  await expect(look('good')).resolves.toBeDefined();
});

it('tries an image again, alone, if its lane was lost', async () => {
  await expect(look('once')).resolves.toMatchObject({ size: { width: 1 } });
});

it('completes the other images if one ends its lane', async () => {
  const all = ['slow', 'deadly', 'slow', 'good', 'slow'].map((path) => look(path));
  const settled = await Promise.allSettled(all);
  expect(settled.map(({ status }) => status)).toEqual([
    'fulfilled',
    'rejected',
    'fulfilled',
    'fulfilled',
    'fulfilled',
  ]);
});

it('does not count the stop of the API against an image', async () => {
  const lost = expect(look('slow')).rejects.toMatchObject({ code: 'LANE_LOST' });
  await new Promise((resolve) => setTimeout(resolve, 200));
  await lanes.close();
  await lost;
});

it('checks a model in a process of its own', async () => {
  await look('good');
  const { counts } = lanes;
  await lanes.check(localModel('other'));
  const checked = lanes.check(localModel('broken', 4));
  await expect(checked).rejects.toThrow('Model broken@4 cannot run');
  expect(lanes.counts).toEqual(counts);
});

it('prepares a version of which no lane serves the current one by a check', async () => {
  const unused = localModel('unused');
  await lanes.prepare(localModel('other'), unused);
  const prepared = lanes.prepare(localModel('broken'), unused);
  await expect(prepared).rejects.toMatchObject({ code: 'MODEL_INVALID' });
  expect(lanes.counts.serving).toBe(0);
});

it('accepts at most a few hundred images at once', async () => {
  await look('good');
  const gone = new AbortController();
  setMaxListeners(0, gone.signal);
  const many = Array.from({ length: 300 }, () => look('slow', gone.signal));
  const settled = Promise.allSettled(many);
  await expect(look('good')).rejects.toMatchObject({ kind: 'too-many-requests' });
  gone.abort();
  const refused = (await settled).filter(
    (each) => each.status === 'rejected' && /are waiting already/.test(String(each.reason)),
  );
  expect(refused).toHaveLength(300 - 256 - 4);
});
