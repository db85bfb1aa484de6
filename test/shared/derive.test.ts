import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeriveOptions, Submitted, VidetteClient } from '../../client/index.js';
import { BUCKETS, keys } from '../../domain/names.js';
import type { DetectionResult } from '../../domain/result/result.js';
import { renderSample } from '../../sample/render.js';
import { apiAt, json } from '../support/api.js';
import { REAL_MODEL } from '../support/shared-settings.js';
import { connectSharedStack, type SharedConnection } from '../support/shared-stack.js';
import { clientOf } from '../support/vidette-client.js';

/** Stored frames are JPEGs, which differ from those that are decoded. */
const OPTIONS = { every: 10, conf: 0.1, frames: 'none', model: REAL_MODEL } as const;
const RUNS_FOR_MS = 120_000;

let stack: SharedConnection;
let client: VidetteClient;
let video_id: string;
let source: string;
beforeAll(async () => {
  stack = await connectSharedStack();
  client = clientOf(stack);
  const path = join(stack.folder, 'Derived clip.mp4');
  await renderSample({ path, ffmpegPath: stack.settings['VIDETTE_FFMPEG']! });
  video_id = await client.upload({ path });
  ({ event_id: source } = await client.submit({ video_id }, OPTIONS));
  await client.result(source);
}, RUNS_FOR_MS);
afterAll(() => stack?.close());

async function derive(options: DeriveOptions): Promise<Submitted & { result: DetectionResult }> {
  const submitted = await client.derive(source, options);
  await client.result(submitted.event_id);
  return { ...submitted, result: await client.resultJson(submitted.event_id) };
}

describe('a derived job', () => {
  it('has the result of a detection with its parameters, and ran none', async () => {
    const all = (await client.resultJson(source)).frames.flatMap(({ objects }) => objects);
    const { class: name } = all[0]!;
    const confs = new Set(all.filter((object) => object.class === name).map(({ conf }) => conf));
    // Between two confidences: stored ones are rounded.
    const [low, high] = [...confs].sort().slice(confs.size / 2 - 1);
    const conf = (low! + high!) / 2;
    const derived = await derive({ conf, classes: [name.toUpperCase()] });
    const { event_id, workflow_id, result } = derived;
    const options = { ...OPTIONS, conf, classes: [name] };
    const fresh = await client.submit({ video_id }, options);
    await client.result(fresh.event_id);
    const expected = await client.resultJson(fresh.event_id);
    expect(result.frames).toEqual(expected.frames);
    expect(result.summary).toEqual(expected.summary);
    expect(result.summary.objects).toBeGreaterThan(0);
    expect(result.summary.objects).toBeLessThan(all.length);
    const { derived_from: _, ...parameters } = result.parameters;
    expect(result.parameters).toMatchObject({ derived_from: source });
    expect(parameters).toEqual(expected.parameters);
    expect(await client.job(event_id)).toMatchObject({
      status: 'ready',
      parameters: { derived_from: source, conf },
    });
    const { events } = await stack.client.workflow.getHandle(workflow_id).fetchHistory();
    const names = events!.map(
      ({ activityTaskScheduledEventAttributes: scheduled }) => scheduled?.activityType?.name,
    );
    expect(names).toContain('deriveRange');
    expect(names).not.toContain('detectObjects');
  });

  it('has tracks if it asks for them, also without narrower options', async () => {
    const { result } = await derive({ tracking: true });
    const all = await client.resultJson(source);
    expect(result.summary.objects).toBe(all.summary.objects);
    expect(result.tracks!.length).toBeGreaterThan(0);
    const ids = result.frames.flatMap(({ objects }) => objects.map(({ track_id }) => track_id));
    expect(new Set(ids.filter((id) => id !== undefined)).size).toBe(result.tracks!.length);
    expect(all).not.toHaveProperty('tracks');
  });

  it('is the same job for the same options', async () => {
    const first = await derive({ conf: 0.5 });
    expect(await client.derive(source, { conf: 0.5 })).toMatchObject({
      ...{ event_id: first.event_id, run_id: first.run_id, started: false },
    });
    expect((await client.derive(source, { conf: 0.51 })).event_id).not.toBe(first.event_id);
  });

  it('is derived from a derived job, too, and outlives both', async () => {
    const first = await derive({ conf: 0.4 });
    const second = await client.derive(first.event_id, { conf: 0.7 });
    await client.result(second.event_id);
    await client.deleteJob(first.event_id);
    await expect
      .poll(() => stack.objects.stat(BUCKETS.results, keys.result(first.event_id)))
      .toBeUndefined();
    const kept = await client.resultJson(second.event_id);
    expect(kept.parameters).toMatchObject({ derived_from: first.event_id, conf: 0.7 });
    expect((await derive({ conf: 0.7 })).result.frames).toEqual(kept.frames);
  });

  it('detects when it is run again', async () => {
    const { event_id } = await derive({ conf: 0.8 });
    const again = await client.rerun(event_id, { conf: 0.05 });
    await client.result(again.event_id);
    expect((await client.job(again.event_id)).parameters).not.toHaveProperty('derived_from');
  });

  it.each<[DeriveOptions, string]>([
    [{ conf: 0.05 }, 'Invalid conf: expected at least 0.1, that of the job, received 0.05.'],
    [{ iou: 0.9 }, 'Invalid iou: expected at most 0.45'],
    [{ max_det: 301 }, 'Invalid max_det: expected at most 300'],
  ])('fails with options that are not narrower: %j', async (options, message) => {
    const { event_id } = await client.derive(source, options);
    await expect(client.result(event_id)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining(message) as string,
    });
  });

  it('needs a finished job', async () => {
    await expect(client.derive('derive-none')).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' });
    const input = { video_id, event_id: 'derive-of-none', derived_from: 'derive-none' };
    await expect(stack.run({ ...input, frames: 'none' })).rejects.toThrow();
    expect((await client.job('derive-of-none')).error).toMatchObject({ code: 'JOB_NOT_FOUND' });
  });
});

it('is started by the API', async () => {
  const api = apiAt(stack.apiUrl);
  const response = await api.post(`/jobs/${source}/derive`, { conf: 0.55 });
  expect(response.status).toBe(202);
  const { event_id } = await json<Submitted>(response);
  expect(response.headers.get('location')).toBe(`/api/v1/jobs/${event_id}`);
  await client.result(event_id);
  expect(await json(api.at(`/jobs/${event_id}`))).toMatchObject({
    parameters: { derived_from: source, conf: 0.55 },
  });
  expect((await api.post(`/jobs/${source}/derive`, { every: 1 })).status).toBe(400);
  expect((await api.post('/jobs/derive-none/derive', {})).status).toBe(404);
});
