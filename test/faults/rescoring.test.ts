import { join } from 'node:path';
import pMap from 'p-map';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createModelRegistry } from '../../adapters/store/model-registry.js';
import { createPredictionLog } from '../../adapters/store/mongo-prediction-log.js';
import type { RescoreCase, RescoreReport, Rescoring, VidetteClient } from '../../client/index.js';
import { readConfig } from '../../config/index.js';
import { sha256 } from '../../domain/hash.js';
import { MOCK_MODEL_NAME } from '../../domain/model/known-models.js';
import { BUCKETS, keys } from '../../domain/names.js';
import type { ImagePredictionRecord } from '../../domain/result/prediction-log.js';
import { type ApiClient, json, startApi, type TestApi } from '../support/api.js';
import { CLIP_KINDS, makeClip } from '../support/clips.js';
import { collect } from '../support/collect.js';
import { commandOn, outputOn } from '../support/command-line.js';
import { CITY, ROAD, writeConstantDetector } from '../support/constant-detectors.js';
import { plainImage } from '../support/plain-image.js';
import { startStack, type TestStack } from '../support/stack.js';
import { clientOf } from '../support/vidette-client.js';

/** More than one slice of a batch. */
const IMAGES = 300;
const CLIP = { ...CLIP_KINDS.find(({ name }) => name === 'constant rate')!, frames: 600 };
const EVERY = 2;
const FRAMES = CLIP.frames / EVERY;
const REQUEST = { model: 'road', of: 'city', since: '2026-01-01T00:00:00Z' } as const;
/** In each image and frame: both find the car, only one the person, only the other the truck. */
const DIFFERENT = (frames: number) => ({
  ...{ frames, frames_different: frames, frames_skipped: 0 },
  ...{ same: frames, changed: 0, vanished: frames, appeared: frames, conf_change: -0.2 },
});

let stack: TestStack;
let api: TestApi;
let client: VidetteClient;
let report: RescoreReport;

beforeAll(async () => {
  stack = await startStack({ VIDETTE_MODEL: MOCK_MODEL_NAME });
  client = clientOf(stack);
  const registry = createModelRegistry(stack.objects);
  for (const detector of [CITY, ROAD]) {
    const { path, manifest } = await writeConstantDetector(stack.folder, detector);
    await registry.publish(path, manifest);
  }
  await keepImages();
  const path = join(stack.folder, 'clip.mp4');
  await makeClip(CLIP, path);
  await stack.putVideo('clip', path);
  const job = { video_id: 'clip', model: 'city', every: EVERY, frames: 'none' } as const;
  await stack.run({ ...job, event_id: 'past' });
  await stack.putVideo('removed', path);
  await stack.run({ ...job, video_id: 'removed', event_id: 'without-video', every: 100 });
  await stack.objects.remove(BUCKETS.videos, keys.video('removed'));
  api = await startApi(stack);
});
afterAll(async () => {
  await api?.stop();
  await stack?.close();
});

/** Logs predictions of the model `city` on images, one of which is kept no longer. */
async function keepImages(): Promise<void> {
  const log = createPredictionLog(readConfig(stack.settings).documentStore.uri, 10_000);
  const { name, version, sha256: model } = await createModelRegistry(stack.objects).resolve('city');
  const numbers = Array.from({ length: IMAGES }, (_, i) => i);
  const records = await pMap(
    numbers,
    async (number): Promise<ImagePredictionRecord> => {
      const image = await plainImage(number);
      const hash = sha256(image);
      const key = keys.image(hash);
      if (number > 0) await stack.objects.put(BUCKETS.pictures, key, image);
      const place = { bucket: BUCKETS.pictures, key, sha256: hash, width: 16, height: 12 };
      return {
        ...{ image_hash: hash.slice(0, 32), prediction_time: 0.01, picture: place },
        ...{ predicted_class: 'car', confidence: 0.8, time: new Date() },
        model: { name, version, sha256: model },
        objects: [
          { class: 'car', box: [4, 3, 12, 9], conf: 0.8 },
          { class: 'person', box: [2, 1, 4, 3], conf: 0.6 },
        ],
      };
    },
    { concurrency: 8 },
  );
  await log.add(records);
  // The newest prediction of an image counts, others do not.
  await log.add([records[1]!]);
  await log.close();
}

async function ended(rescoreId: string): Promise<Rescoring> {
  let last: Rescoring | undefined;
  for await (const state of client.rescorings.status(rescoreId, { everyMs: 50 })) last = state;
  return last!; // it yields at least once
}

/** Resolves when a rescoring is in a stage or after it. */
async function reached(rescoreId: string, stages: readonly string[]): Promise<void> {
  const stage = async () => (await client.rescorings.get(rescoreId)).progress?.stage;
  await expect.poll(stage, { interval: 20 }).toSatisfy((now) => stages.includes(String(now)));
}

it('survives kills of both workers in the middle, and counts each image and frame once', async () => {
  const before = await stack.objects.stat(BUCKETS.results, keys.result('past'));
  const { rescore_id, started } = await client.rescorings.start({ ...REQUEST, rescore_id: 'week' });
  expect({ rescore_id, started }).toEqual({ rescore_id: 'week', started: true });
  await reached('week', ['images', 'jobs']);
  stack.workers.kill9('video_worker');
  stack.workers.kill9('detect_worker');
  await stack.workers.ready();
  await reached('week', ['jobs', 'comparing']);
  stack.workers.kill9('video_worker');
  const rescoring = await ended('week');
  expect(rescoring).toMatchObject({ status: 'ready', error: null, model: 'road@1', of: 'city' });
  report = rescoring.report!;
  const compared = IMAGES - 1;
  expect(report.images).toMatchObject({
    ...{ total: IMAGES, compared, failed: 1, agree: 0, agreement: 0 },
    classes: { car: { before: compared, after: compared, both: compared } },
    objects: DIFFERENT(compared),
  });
  expect(report.jobs).toMatchObject({
    ...{ total: 2, compared: 1, agreement: 0, objects: DIFFERENT(FRAMES) },
    not_compared: [{ event_id: 'without-video', reason: 'The video removed was removed.' }],
  });
  expect(report.jobs.objects.by_class).toMatchObject({
    car: { same: FRAMES },
    person: { vanished: FRAMES },
    truck: { appeared: FRAMES },
  });
  expect(report.cases).toBe(compared + FRAMES);
  expect(await stack.objects.stat(BUCKETS.results, keys.result('past'))).toEqual(before);
});

it('lists the cases as they were compared, and by their worth', async () => {
  const cases = await collect(await client.rescorings.cases('week'));
  expect(cases).toHaveLength(report.cases);
  const frame = cases.at(-1) as Extract<RescoreCase, { type: 'frame' }>;
  expect(frame).toMatchObject({
    ...{ type: 'frame', event_id: 'past', video_id: 'clip', frame: CLIP.frames - EVERY },
    ...{ change: 'vanished: person; appeared: truck', worth: 0.6 },
  });
  const other = await client.job(frame.rescored_event_id);
  expect(other).toMatchObject({ status: 'ready', rerun_of: 'past' });
  const ranked = await collect(await client.rescorings.cases('week', 'worth'));
  expect(ranked).toHaveLength(report.cases);
});

it('does not start again what is finished, and has the same report without kills', async () => {
  const again = await client.rescorings.start({ ...REQUEST, rescore_id: 'week' });
  expect(again).toMatchObject({ rescore_id: 'week', started: false });
  const other = client.rescorings.start({ ...REQUEST, of: 'road', rescore_id: 'week' });
  await expect(other).rejects.toMatchObject({ code: 'RESCORE_EXISTS' });
  const { until } = await client.rescorings.get('week');
  await client.rescorings.start({ ...REQUEST, until, rescore_id: 'undisturbed' });
  const undisturbed = (await ended('undisturbed')).report;
  expect(undisturbed).toEqual({ ...report, rescore_id: 'undisturbed' });
});

it('has the same state in the API and on the command line', async () => {
  const { at, post }: ApiClient = api;
  const state = await json<Rescoring>(at('/rescorings/week'));
  expect(state).toEqual(await client.rescorings.get('week'));
  expect(await commandOn(stack, 'rescore', 'show', 'week')).toEqual(state);
  const { rescorings } = await json<{ rescorings: Rescoring[] }>(at('/rescorings'));
  expect(rescorings.map(({ rescore_id }) => rescore_id)).toEqual(['undisturbed', 'week']);
  const lines = await (await at('/rescorings/week/cases?order=worth')).text();
  expect(await outputOn(stack, 'rescore', 'cases', 'week', '--order', 'worth')).toBe(
    lines.trimEnd(),
  );
  expect((await at('/rescorings/unknown')).status).toBe(404);
  expect((await post('/rescorings', { ...REQUEST, of: 'road@1' })).status).toBe(202);
  const invalid = await post('/rescorings', { ...REQUEST, until: REQUEST.since });
  expect([invalid.status, await invalid.text()]).toEqual([
    400,
    expect.stringContaining('expected a time after since'),
  ]);
});

it('fails with the reason if the model has no past', async () => {
  const { rescore_id } = await client.rescorings.start({ ...REQUEST, of: 'nothing' });
  const { status, error } = await ended(rescore_id);
  expect(status).toBe('failed');
  expect(error).toContain('Model nothing made no predictions');
});
