import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type {
  DeletedRescoring,
  RescoreCase,
  RescoreReport,
  Rescoring,
  VidetteClient,
} from '../../client/index.js';
import { MOCK_MODEL_NAME } from '../../domain/model/known-models.js';
import { BUCKETS, keys } from '../../domain/names.js';
import { type ApiClient, json, startApi, type TestApi } from '../support/api.js';
import { collect } from '../support/collect.js';
import { commandOn, outputOn } from '../support/command-line.js';
import { makePast, PAST_CLIP, PAST_EVERY } from '../support/past-predictions.js';
import { startStack, type TestStack } from '../support/stack.js';
import { clientOf } from '../support/vidette-client.js';

/** All of them distinct. */
const IMAGES = 200;
const FRAMES = PAST_CLIP.frames / PAST_EVERY;
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
  await makePast(stack, IMAGES);
  await stack.putVideo('removed', join(stack.folder, 'clip.mp4'));
  const job = { video_id: 'removed', event_id: 'without-video', model: 'city' } as const;
  await stack.run({ ...job, every: 100, frames: 'none' });
  await stack.objects.remove(BUCKETS.videos, keys.video('removed'));
  api = await startApi(stack);
});
afterAll(async () => {
  await api?.stop();
  await stack?.close();
});

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
    ...{ type: 'frame', event_id: 'past', video_id: 'clip', frame: PAST_CLIP.frames - PAST_EVERY },
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
  const lineage = await json(at('/models/road/versions/1/lineage'));
  expect(lineage).toMatchObject({ model: { name: 'road', version: 1 }, retrainings: [] });
  expect(await commandOn(stack, 'models', 'lineage', 'road@1')).toEqual(lineage);
  expect(await json(at('/lineage?job=past'))).toEqual({ uses: [] });
  expect((await at('/lineage')).status).toBe(400);
  expect((await at('/rescorings/unknown')).status).toBe(404);
  expect((await post('/rescorings', { ...REQUEST, of: 'road@1' })).status).toBe(202);
  const invalid = await post('/rescorings', { ...REQUEST, until: REQUEST.since });
  expect([invalid.status, await invalid.text()]).toEqual([
    400,
    expect.stringContaining('expected a time after since'),
  ]);
});

it('offers the images that are worth most for review', async () => {
  const review = (query: string) => api.at(`/review?rescoring=week&limit=2&${query}`);
  const page = await json<{ predictions: { predicted_class: string }[]; next: string }>(
    review('kind=disagreement'),
  );
  expect(page.predictions).toHaveLength(2);
  const next = await json<typeof page>(review(`kind=disagreement&cursor=${page.next}`));
  expect(next.predictions).not.toEqual(page.predictions);
  expect((await review('kind=audit')).status).toBe(400);
});

it('is deleted with all that it stored but its jobs, and then runs again', async () => {
  const deleted = (await commandOn(stack, 'rescore', 'rm', 'undisturbed')) as DeletedRescoring;
  expect(deleted.rescore_id).toBe('undisturbed');
  expect(deleted.objects).toBeGreaterThan(6);
  for (const bucket of [BUCKETS.results, BUCKETS.pictures])
    expect(await collect(stack.objects.list(bucket, 'rescorings/undisturbed'))).toEqual([]);
  expect((await api.at('/rescorings/undisturbed')).status).toBe(404);
  expect((await api.at('/batches/undisturbed')).status).toBe(404);
  expect((await api.at('/video-batches/undisturbed-1')).status).toBe(404);
  const path = `${api.url}/api/v1/rescorings/undisturbed`;
  expect((await fetch(path, { method: 'DELETE' })).status).toBe(404);
  expect((await client.rescorings.get('week')).report).toEqual(report);
  const { until } = await client.rescorings.get('week');
  const request = { ...REQUEST, until, rescore_id: 'undisturbed' };
  expect(await client.rescorings.start(request)).toMatchObject({ started: true });
  expect((await ended('undisturbed')).report).toEqual({ ...report, rescore_id: 'undisturbed' });
  const removed = await json(fetch(path, { method: 'DELETE' }));
  expect(removed).toEqual({ rescore_id: 'undisturbed', objects: deleted.objects });
});

it('fails with the reason if the model has no past', async () => {
  const { rescore_id } = await client.rescorings.start({ ...REQUEST, of: 'nothing' });
  const { status, error } = await ended(rescore_id);
  expect(status).toBe('failed');
  expect(error).toContain('Model nothing made no predictions');
});
