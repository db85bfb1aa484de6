import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Batch, BatchPage, JobPage, StartedBatch, VidetteClient } from '../../client/index.js';
import type { WebhookMessage } from '../../domain/job/webhook.js';
import { apiAt, json } from '../support/api.js';
import { makeClip } from '../support/clips.js';
import { connectSharedStack, type SharedConnection } from '../support/shared-stack.js';
import { clientOf } from '../support/vidette-client.js';
import { startReceiver } from '../support/webhook-receiver.js';

/** At this confidence the model finds objects in generated clips. */
const OPTIONS = { every: 10, frames: 'none', conf: 0.02 } as const;
const VIDEOS = ['batches-a', 'batches-b', 'batches-c'];
const BROKEN = 'batches-broken';
const ALL = [...VIDEOS, BROKEN];
/** Number of frames of a clip whose job is still running when the next call arrives. */
const LONG = 150;

let stack: SharedConnection;
let client: VidetteClient;

beforeAll(async () => {
  stack = await connectSharedStack();
  client = clientOf(stack);
  for (const [index, id] of VIDEOS.entries()) await putClip(id, 40 + 10 * index);
  await putText(BROKEN);
});
afterAll(() => stack?.close());

async function putClip(videoId: string, frames: number): Promise<void> {
  const path = join(stack.folder, `${videoId}.mp4`);
  const options = ['-c:v', 'libx264', '-preset', 'veryfast', '-g', '20'];
  await makeClip({ name: videoId, extension: 'mp4', frames, options }, path);
  await stack.putVideo(videoId, path);
}

async function putText(videoId: string): Promise<void> {
  const path = join(stack.folder, `${videoId}.txt`);
  await writeFile(path, 'This is not a video.');
  await stack.putVideo(videoId, path);
}

async function waitFor(batchId: string): Promise<Batch> {
  let last: Batch | undefined;
  for await (const batch of client.batches.status(batchId, { everyMs: 100 })) last = batch;
  return last!; // it yields at least once
}

describe('a batch of three videos and a file that is not one', () => {
  it('counts its jobs, and the broken one does not stop the others', async () => {
    const { batch_id, jobs, started } = await client.batches.start(ALL, OPTIONS);
    expect(started).toBe(true);
    expect(jobs.map(({ video_id }) => video_id)).toEqual(ALL);
    const counts = { total: 4, ready: 3, failed: 1, cancelled: 0, running: 0, waiting: 0 };
    const batch = await waitFor(batch_id);
    expect(batch).toMatchObject({ batch_id, status: 'ready', ...counts, missing: 0 });
    expect(await client.batches.get(batch_id)).toEqual(batch);
    expect((await client.batches.list()).batches).toContainEqual(batch);
    const failed = await client.jobs({ batch: batch_id, status: 'failed' });
    expect(failed).toMatchObject([{ video_id: BROKEN, error: { message: /video/ } }]);
  });

  it('has the jobs of single submissions', async () => {
    const { batch_id, jobs } = await client.batches.start(ALL, OPTIONS);
    for (const { video_id, event_id } of jobs.slice(0, 3)) {
      const single = await client.submit({ video_id }, OPTIONS);
      expect(single).toMatchObject({ event_id, started: false });
    }
    const attributes = { query: `Batch = '${batch_id}'` };
    const tagged = async () => {
      const ids: string[] = [];
      for await (const { workflowId } of stack.client.workflow.list(attributes))
        ids.push(workflowId);
      return new Set(ids).size;
    };
    await expect.poll(tagged).toBe(4);
  });

  it('is the same batch in another order, and runs only its failed job again', async () => {
    const first = await client.batches.start(ALL, OPTIONS);
    await waitFor(first.batch_id);
    const runs = await Promise.all(VIDEOS.map((_, i) => runOfJob(first.jobs[i]!.event_id)));
    const again = await client.batches.start([...ALL].reverse(), OPTIONS);
    expect(again).toMatchObject({ batch_id: first.batch_id, started: true });
    expect(await waitFor(first.batch_id)).toMatchObject({ ready: 3, failed: 1 });
    expect(await Promise.all(VIDEOS.map((_, i) => runOfJob(first.jobs[i]!.event_id)))).toEqual(
      runs,
    );
    const other = await client.batches.start(VIDEOS, { ...OPTIONS, conf: 0.9 });
    expect(other.batch_id).not.toBe(first.batch_id);
    await waitFor(other.batch_id);
  });

  it('merges the CSV of its jobs', async () => {
    const { batch_id, jobs } = await client.batches.start(ALL, OPTIONS);
    await waitFor(batch_id);
    const singles = await Promise.all(
      jobs.slice(0, 3).map(async ({ video_id, event_id }) => {
        const [header = '', ...lines] = await linesOf(client.exportStream(event_id, 'csv'));
        return { header, lines: lines.map((line) => `${video_id},${line}`) };
      }),
    );
    const lines = singles.flatMap((single) => single.lines);
    expect(lines.length).toBeGreaterThan(0);
    const merged = await linesOf(client.batches.csv(batch_id));
    expect(merged).toEqual([`video,${singles[0]!.header}`, ...lines]);
  });

  it('has nothing to start if all jobs are ready', async () => {
    const whole = await client.batches.start(VIDEOS, OPTIONS);
    expect(whole.started).toBe(false);
    expect(await client.batches.get(whole.batch_id)).toMatchObject({ status: 'ready', ready: 3 });
  });
});

describe('the HTTP API', () => {
  const BATCHES = '/video-batches';
  const body = { video_ids: VIDEOS, ...OPTIONS };

  it('starts, reads and lists a batch, and its jobs', async () => {
    const api = apiAt(stack.apiUrl);
    const response = await api.post(BATCHES, body);
    expect(response.status).toBe(202);
    const started = await json<StartedBatch>(response);
    const { batch_id } = started;
    expect(response.headers.get('location')).toBe(`/api/v1${BATCHES}/${batch_id}`);
    expect(started.jobs.map(({ video_id }) => video_id)).toEqual(VIDEOS);
    await waitFor(batch_id);
    const batch = await json<Batch>(api.at(`${BATCHES}/${batch_id}`));
    expect(batch).toEqual(await client.batches.get(batch_id));
    expect((await json<BatchPage>(api.at(BATCHES))).batches).toContainEqual(batch);
    const { jobs } = await json<JobPage>(api.at(`/jobs?batch=${batch_id}`));
    const ids = (all: readonly { readonly event_id: string }[]) => all.map((job) => job.event_id);
    expect(ids(jobs).sort()).toEqual(ids(started.jobs).sort());
    for (const method of ['POST /retry', 'DELETE ']) {
      const [verb, path = ''] = method.split(' ');
      const changed = await api.at(`${BATCHES}/${batch_id}${path}`, { method: verb! });
      expect({ status: changed.status, batch: await json(changed) }).toEqual({
        status: 202,
        batch,
      });
    }
  });

  it('sends the merged CSV', async () => {
    const { batch_id } = await client.batches.start(VIDEOS, OPTIONS);
    const response = await apiAt(stack.apiUrl).at(`${BATCHES}/${batch_id}/csv`);
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(response.headers.get('content-disposition')).toContain(`${batch_id}.csv`);
    expect(await response.text()).toBe(await text(await client.batches.csv(batch_id)));
  });

  it('rejects unknown batches and invalid requests', async () => {
    const api = apiAt(stack.apiUrl);
    const unknown = [`${BATCHES}/none`, `${BATCHES}/none/csv`, '/jobs?batch=none'];
    for (const path of unknown) expect((await api.at(path)).status).toBe(404);
    for (const wrong of [{ ...body, event_id: 'x' }, { ...body, video_ids: [] }, OPTIONS]) {
      expect((await api.post(BATCHES, wrong)).status).toBe(400);
    }
    const missing = await api.post(BATCHES, { video_ids: ['batches-none'] });
    expect(missing.status).toBe(404);
  });
});

const runOfJob = async (eventId: string) => (await client.job(eventId)).run_id;

async function linesOf(stream: Promise<NodeJS.ReadableStream>): Promise<string[]> {
  return (await text(await stream)).trimEnd().split('\r\n');
}

it('cancels the jobs of a batch, and runs them again by a retry', async () => {
  const ids = ['batches-long-1', 'batches-long-2'];
  for (const id of ids) await putClip(id, LONG);
  const { batch_id, jobs } = await client.batches.start(ids, { every: 1, frames: 'none' });
  const running = async () => (await client.batches.get(batch_id)).running;
  await expect.poll(running).toBe(2);
  await client.batches.cancel(batch_id);
  expect(await waitFor(batch_id)).toMatchObject({ status: 'cancelled', cancelled: 2 });
  expect(await client.batches.cancel(batch_id)).toMatchObject({ status: 'cancelled' });
  expect(await client.batches.retry(batch_id)).toMatchObject({ batch_id });
  expect(await waitFor(batch_id)).toMatchObject({ status: 'ready', ready: 2, cancelled: 0 });
  const frames = jobs.map(async ({ event_id }) => (await stack.result(event_id)).frames.length);
  expect(await Promise.all(frames)).toEqual([LONG, LONG]);
});

it('notifies a webhook of each job, also after a retry, and does not store its URL', async () => {
  const receiver = await startReceiver();
  try {
    const webhook = { url: `${receiver.url}?token=batches-secret` };
    const options = { ...OPTIONS, conf: 0.8, webhook };
    const { batch_id, jobs } = await client.batches.start([VIDEOS[0]!, BROKEN], options);
    await waitFor(batch_id);
    await receiver.received(2);
    const [ready, failed] = jobs.map(({ event_id }) => event_id);
    expect(endsOf(receiver.bodies())).toEqual(new Set([`${ready} ready`, `${failed} failed`]));
    await client.batches.retry(batch_id);
    await receiver.received(3);
    expect(receiver.bodies()[2]!.data).toMatchObject({ event_id: failed, status: 'failed' });
    const document = await stack.documents.batches.find(batch_id);
    expect(document?.options).toMatchObject({ conf: 0.8 });
    expect(JSON.stringify(document)).not.toContain('batches-secret');
  } finally {
    await receiver.close();
  }
});

const endsOf = (bodies: readonly WebhookMessage[]) =>
  new Set(bodies.map(({ data }) => `${data.event_id} ${data.status}`));

it('counts deleted jobs, which a retry does not start, and is removed with the last job', async () => {
  const options = { ...OPTIONS, conf: 0.03 };
  const { batch_id, jobs } = await client.batches.start(VIDEOS.slice(0, 2), options);
  await waitFor(batch_id);
  await client.deleteJob(jobs[0]!.event_id);
  expect(await client.batches.get(batch_id)).toMatchObject({ ready: 1, deleted: 1, missing: 0 });
  expect(await client.batches.deletedJobs(batch_id)).toEqual([jobs[0]!.event_id]);
  const csv = await text(await client.batches.csv(batch_id));
  expect(csv).toContain(VIDEOS[1]);
  expect(csv).not.toContain(VIDEOS[0]);
  await client.batches.retry(batch_id);
  await waitFor(batch_id);
  expect(await client.batches.get(batch_id)).toMatchObject({ ready: 1, deleted: 1 });
  const again = await client.batches.start(VIDEOS.slice(0, 2), options);
  expect(again).toMatchObject({ batch_id, started: true });
  await waitFor(batch_id);
  expect(await client.batches.get(batch_id)).toMatchObject({ ready: 2, deleted: 0 });
  await client.deleteJob(jobs[0]!.event_id);
  await client.deleteJob(jobs[1]!.event_id);
  await expect(client.batches.get(batch_id)).rejects.toMatchObject({ code: 'BATCH_NOT_FOUND' });
});

it('counts and lists jobs that fail before they have an event', async () => {
  const { batch_id } = await client.batches.start(VIDEOS, { ...OPTIONS, device: 'gpu', conf: 0.7 });
  await waitFor(batch_id);
  // Temporal lists a run as closed a moment after it has closed.
  const batch = () => client.batches.get(batch_id);
  await expect.poll(batch).toMatchObject({ status: 'ready', failed: 3, missing: 0 });
  const failed = await client.jobs({ batch: batch_id, status: 'failed' });
  expect(failed.map(({ video_id }) => video_id).sort()).toEqual(VIDEOS);
});

it('joins a job that runs already, and does not cancel it', async () => {
  await putClip('batches-joined', LONG);
  const options = { every: 1, frames: 'none', conf: 0.6 } as const;
  const single = await client.submit({ video_id: 'batches-joined' }, options);
  const { batch_id, jobs } = await client.batches.start(['batches-joined', VIDEOS[0]!], options);
  expect(jobs[0]).toMatchObject({ event_id: single.event_id });
  await client.batches.cancel(batch_id);
  expect(await client.job(single.event_id)).toMatchObject({ run_id: single.run_id });
  expect((await client.result(single.event_id)).status).toBe('ready');
});

it.each([
  ['no videos', [], {}, 'INVALID_INPUT'],
  ['an unknown video', ['batches-a', 'batches-none'], {}, 'VIDEO_NOT_FOUND'],
  ['an invalid option', ['batches-a'], { every: 0 }, 'INVALID_INPUT'],
  ['an invalid priority', ['batches-a'], { priority: 9 }, 'INVALID_INPUT'],
  ['an unknown model', ['batches-a'], { model: 'none' }, 'MODEL_NOT_FOUND'],
])('rejects %s', async (_, videos, options, code) => {
  await expect(client.batches.start(videos, options)).rejects.toMatchObject({ code });
});

it.each(['get', 'retry', 'cancel', 'csv'] as const)(
  'rejects %s of an unknown batch',
  async (name) => {
    await expect(client.batches[name]('batches-none')).rejects.toMatchObject({
      code: 'BATCH_NOT_FOUND',
    });
  },
);

it('fails a workflow whose batch does not exist', async () => {
  const execute = (input: object) =>
    stack.client.workflow.execute('VideoBatch', {
      ...{ taskQueue: 'video', workflowId: 'video-batch/batches-none', args: [input] },
    });
  for (const [input, type] of [
    [{ batch_id: 'batches-none' }, 'BATCH_NOT_FOUND'],
    [{ videos: ['a'] }, 'INVALID_INPUT'],
  ] as const) {
    await expect(execute(input)).rejects.toMatchObject({ cause: { type } });
  }
});
