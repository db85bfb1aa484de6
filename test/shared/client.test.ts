import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { VidetteClient } from '../../client/index.js';
import { BUCKETS, keys } from '../../domain/names.js';
import { makeClip } from '../support/clips.js';
import { connectSharedStack, type SharedConnection } from '../support/shared-stack.js';
import { clientOf } from '../support/vidette-client.js';

const FRAMES = 300;
const CLIP = {
  name: 'client',
  extension: 'mp4',
  frames: FRAMES,
  options: ['-c:v', 'libx264', '-preset', 'veryfast', '-g', '30'],
};

let stack: SharedConnection;
let client: VidetteClient;
let path: string;

beforeAll(async () => {
  stack = await connectSharedStack();
  client = clientOf(stack);
  path = join(stack.folder, 'My client clip.mp4');
  await makeClip(CLIP, path);
});
afterAll(() => stack?.close());

describe('a client', () => {
  it('starts one run for 50 submissions of a file at once', async () => {
    const submit = () => client.submit({ path }, { every: 30 });
    const all = await Promise.all(Array.from({ length: 50 }, submit));
    expect(new Set(all.map(({ run_id }) => run_id)).size).toBe(1);
    expect(all.filter(({ started }) => started)).toHaveLength(1);
    const { event_id, video_id } = all[0]!;
    expect(video_id).toMatch(/^my-client-clip-[0-9a-f]{12}$/);
    const outcome = await client.result(event_id);
    expect(outcome).toMatchObject({ event_id, video_id, status: 'ready', frames: 10, skipped: 0 });
    expect((await client.resultJson(event_id)).frames).toHaveLength(10);
  });

  it('runs a job again whose result was deleted, and no job whose result is stored', async () => {
    const options = { every: 50 };
    const { event_id, run_id } = await client.submit({ path }, options);
    await client.result(event_id);
    const rows = (await client.resultJson(event_id)).frames;
    expect(await client.submit({ path }, options)).toMatchObject({ run_id, started: false });
    await stack.objects.remove(BUCKETS.results, keys.result(event_id));
    const again = await client.submit({ path }, options);
    expect(again).toMatchObject({ event_id, started: true });
    await client.result(event_id);
    expect((await client.resultJson(event_id)).frames).toEqual(rows);
  });

  it('reports increasing progress until the job is done', async () => {
    const { event_id } = await client.submit({ path }, { every: 1 });
    const seen: number[] = [];
    let status = '';
    for await (const progress of client.status(event_id, { everyMs: 100 })) {
      seen.push(progress.frames_done);
      status = progress.status;
    }
    expect(status).toBe('ready');
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(seen.at(-1)).toBe(FRAMES);
  });

  it('reruns a job under a new event', async () => {
    const { event_id } = await client.submit({ path }, { every: 30 });
    await client.result(event_id); // a job that is not open yet cannot run again
    const again = await client.rerun(event_id, { conf: 0.9 });
    expect(again).toMatchObject({ started: true });
    expect(again.event_id).not.toBe(event_id);
    await client.result(again.event_id);
    const result = await client.resultJson(again.event_id);
    expect(result).toMatchObject({ rerun_of: event_id, parameters: { every: 30, conf: 0.9 } });
  });

  it('forces a new run of the same job', async () => {
    const { event_id } = await client.submit({ path }, { every: 30 });
    const forced = await client.submit({ path }, { every: 30, force: true });
    expect(forced.event_id).toMatch(new RegExp(`^${event_id}-[0-9a-f]{8}$`));
    await client.result(forced.event_id);
    expect(await client.job(forced.event_id)).toMatchObject({
      rerun_of: event_id,
      status: 'ready',
    });
  });

  it('keeps the frames of a cancelled job', async () => {
    const { event_id } = await client.submit({ path }, { every: 1, conf: 0.5 });
    for await (const { fps } of client.status(event_id, { everyMs: 50 })) {
      // Speed is measured on complete ranges: frames of others are not kept.
      if (fps > 0) break;
    }
    await client.cancel(event_id);
    const outcome = await client.result(event_id);
    expect(outcome).toMatchObject({ event_id, status: 'cancelled' });
    expect(outcome.frames).toBeGreaterThan(0);
    expect(await client.job(event_id)).toMatchObject({ status: 'cancelled' });
    const cancelled = await client.jobs({ status: 'cancelled' });
    expect(cancelled.map((job) => job.event_id)).toContain(event_id);
  });

  it('reports the error of a failed job', async () => {
    const submitted = await client.submit({ path }, { device: 'gpu', every: 30, conf: 0.8 });
    await expect(client.result(submitted.event_id)).rejects.toMatchObject({
      code: 'NO_GPU_WORKER',
    });
    expect(await client.job(submitted.event_id)).toMatchObject({
      status: 'failed',
      error: { code: 'NO_GPU_WORKER' },
    });
  });

  it.each([
    ['an event id in use', { event_id: 'client-mine', conf: 0.7 }, 'EVENT_EXISTS'],
    ['an invalid option', { every: 0 }, 'INVALID_INPUT'],
    ['an invalid priority', { priority: 6 }, 'INVALID_INPUT'],
    ['a missing model', { model: 'none' }, 'MODEL_NOT_FOUND'],
  ])('rejects %s', async (_, options, code) => {
    await client.submit({ path }, { event_id: 'client-mine', every: 30 });
    await expect(client.submit({ path }, options)).rejects.toMatchObject({ code });
  });

  it('reports a missing job', async () => {
    await expect(client.job('client-nobody')).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' });
    await expect(client.job("x' OR EventId != '")).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('runs a video by a schedule, with a new event for each run', async () => {
    const video_id = await client.upload({ path });
    const input = { video_id, every: 30 };
    const schedule_id = 'client-nightly';
    await client.schedule.create({ schedule_id, input, cron: '0 3 * * *' });
    const found = async () =>
      (await client.schedule.list()).filter((each) => each.schedule_id === schedule_id);
    const recent = async () => (await found())[0]?.recent ?? [];
    for (const runs of [1, 2]) {
      await client.schedule.trigger(schedule_id);
      await expect.poll(recent, { timeout: 60_000 }).toHaveLength(runs);
      // Names of runs have a resolution of one second.
      await new Promise((resolve) => setTimeout(resolve, 1100));
    }
    const ids = (await recent()).map(({ event_id }) => event_id!);
    expect(new Set(ids).size).toBe(2);
    for (const id of ids) await expect.poll(() => statusOf(id), { timeout: 60_000 }).toBe('ready');
    await client.schedule.delete(schedule_id);
    // Temporal removes it from lists after a moment.
    await expect.poll(found).toEqual([]);
  });

  it.each([
    ['a fixed event_id', { event_id: 'x' }, { interval_s: 60 }],
    ['no time', {}, {}],
    ['an invalid cron expression', {}, { cron: 'a b' }],
    ['an unknown field', { evry: 2 }, { interval_s: 60 }],
  ])('rejects a schedule with %s', async (_, fields, times) => {
    const input = { video_id: await client.upload({ path }), ...fields };
    const schedule = client.schedule.create({ schedule_id: 'client-wrong', input, ...times });
    await expect(schedule).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it.each([true, false])('rejects a schedule that never runs, paused: %s', async (paused) => {
    const { video_id } = await client.submit({ path }, { every: 30 });
    const request = { schedule_id: 'client-never', input: { video_id }, paused };
    const create = (cron: string) => client.schedule.create({ ...request, cron });
    await expect(create('0 0 30 2 *')).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('0 0 30 2 * (UTC) never runs') as string,
    });
    const { next } = await create('0 0 29 2 *');
    expect(next[0]).toMatch(/-02-29T00:00:00/);
    await client.schedule.delete(request.schedule_id);
  });

  // In Berlin, 02:30 does not exist on the last Sunday of March, and occurs twice on that of October.
  it('follows the changes of a time zone', async () => {
    const { video_id } = await client.submit({ path }, { every: 30 });
    const request = { schedule_id: 'client-zone', input: { video_id }, timezone: 'Europe/Berlin' };
    const create = (cron: string) => client.schedule.create({ ...request, cron, paused: true });
    await expect(create('30 2 25-31 3 0')).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    const { next } = await create('30 2 25-31 10 0');
    expect(next.map((time) => time.slice(11))).toEqual(Array(3).fill('01:30:00.000Z'));
    expect(new Set(next.map((time) => time.slice(0, 10))).size).toBe(3);
    await client.schedule.delete(request.schedule_id);
  });
});

async function statusOf(eventId: string): Promise<string> {
  return client.job(eventId).then(
    ({ status }) => status,
    () => 'unknown',
  );
}
