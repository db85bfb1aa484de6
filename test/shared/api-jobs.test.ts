import { openAsBlob } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { webhookHeaders } from '../../domain/job/webhook.js';
import { renderSample } from '../../sample/render.js';
import { apiAt, type ApiClient, json } from '../support/api.js';
import { repeatVideo } from '../support/repeat-video.js';
import { connectSharedStack, type SharedConnection } from '../support/shared-stack.js';
import { WEBHOOK_SECRET } from '../support/shared-settings.js';
import { startReceiver } from '../support/webhook-receiver.js';

const RUNS_FOR_MS = 120_000;
/** Makes 10,000 frames: more than any machine detects before the first request. */
const LONG_REPEATS = 20;

let stack: SharedConnection;
let api: ApiClient;
beforeAll(async () => {
  stack = await connectSharedStack();
  api = apiAt(stack.apiUrl);
});
afterAll(() => stack?.close());

describe('a job on an uploaded video', () => {
  /** Starts a job that runs until the test cancels it. */
  const running = () =>
    api.post('/jobs', { video_id: videoId, every: 1, frames: 'none', force: true });
  let videoId: string;
  beforeAll(async () => {
    const short = join(stack.folder, 'sample.mp4');
    await renderSample({ path: short, ffmpegPath: stack.settings['VIDETTE_FFMPEG']! });
    const long = join(stack.folder, 'long.mp4');
    await repeatVideo(short, LONG_REPEATS, long);
    const form = new FormData();
    form.append('file', await openAsBlob(long), 'Мой api-jobs.mp4');
    const response = await api.at('/videos', { method: 'POST', body: form });
    expect(response.status).toBe(201);
    videoId = (await json<{ video_id: string }>(response)).video_id;
  });

  it(
    'streams its frames while it runs',
    async () => {
      const { event_id } = await json<{ event_id: string }>(running());
      const response = await api.at(`/jobs/${event_id}/predictions`);
      const first = await response.body!.getReader().read();
      const { status } = await json<{ status: string }>(api.at(`/jobs/${event_id}`));
      expect(Buffer.from(first.value).toString()).toMatch(/^\{"frame":0,/);
      expect(status).toBe('processing');
      await api.at(`/jobs/${event_id}`, { method: 'DELETE' });
    },
    RUNS_FOR_MS,
  );

  it(
    'is listed by the name of its file, with its options',
    async () => {
      const { event_id } = await json<{ event_id: string }>(running());
      const find = async () => {
        const path = `/jobs?text=${encodeURIComponent('мой API-jobs')}`;
        const { jobs } = await json<{ jobs: { event_id: string }[] }>(api.at(path));
        return jobs.find((job) => job.event_id === event_id);
      };
      await expect.poll(find).toMatchObject({
        video_name: 'Мой api-jobs.mp4',
        parameters: { every: 1, conf: 0.25, frames: 'none' },
        counts: null,
      });
      await api.at(`/jobs/${event_id}`, { method: 'DELETE' });
    },
    RUNS_FOR_MS,
  );

  it(
    'sends a signed webhook when cancelled, and retries it',
    async () => {
      const receiver = await startReceiver({ answers: [500] });
      const { event_id } = await json<{ event_id: string }>(
        api.post('/jobs', {
          video_id: videoId,
          every: 1,
          force: true,
          webhook: { url: receiver.url },
        }),
      );
      expect((await api.at(`/jobs/${event_id}`, { method: 'DELETE' })).status).toBe(202);
      await receiver.received(2);
      const [first, second] = receiver.messages;
      expect(second!.headers['webhook-id']).toBe(first!.headers['webhook-id']);
      expect(JSON.parse(second!.body)).toMatchObject({
        type: 'job.cancelled',
        data: { event_id, status: 'cancelled', video_id: videoId },
      });
      const { headers, body } = second!;
      const [id, timestamp] = [String(headers['webhook-id']), Number(headers['webhook-timestamp'])];
      expect(headers).toMatchObject(webhookHeaders(WEBHOOK_SECRET, { id, timestamp, body }));
      await receiver.close();
    },
    RUNS_FOR_MS,
  );

  it('is listed once when searched by video', async () => {
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = await json<{ jobs: { event_id: string }[]; next: string | null }>(
        api.at(`/jobs?limit=2&text=${videoId.toUpperCase()}${cursor && `&cursor=${cursor}`}`),
      );
      seen.push(...page.jobs.map(({ event_id }) => event_id));
      cursor = page.next ?? '';
    } while (cursor);
    const { count } = await stack.client.workflow.count(`VideoId = "${videoId}"`);
    expect(seen).toHaveLength(count);
    expect(new Set(seen).size).toBe(count);
  });
});

describe('the lists of videos and models', () => {
  it('page through every stored video', async () => {
    const stored: string[] = [];
    for await (const key of stack.objects.list('videos', 'input/')) {
      // deletion.test.ts deletes a video at the same time.
      if (!key.startsWith('input/deletion-')) stored.push(key);
    }
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = await json<{ videos: { video_id: string }[]; next: string | null }>(
        api.at(`/videos?limit=1${cursor && `&cursor=${cursor}`}`),
      );
      seen.push(...page.videos.map(({ video_id }) => video_id));
      cursor = page.next ?? '';
    } while (cursor);
    expect(seen.map((id) => `input/${id}.mp4`)).toEqual(expect.arrayContaining(stored));
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('name the classes, the licence and the default of models', async () => {
    const { models } = await json<{ models: { is_default: boolean }[] }>(api.at('/models'));
    expect(models.filter(({ is_default }) => is_default)).toEqual([
      expect.objectContaining({
        ...{ version: 1, task: 'detect', licence: 'Apache-2.0' },
        classes: expect.arrayContaining([expect.any(String)]) as string[],
      }),
    ]);
  });
});

describe('an invalid request', () => {
  it.each<[string, string, RequestInit | undefined, number, string]>([
    ['a missing job', '/jobs/nowhere', undefined, 404, 'job-not-found'],
    ['its events', '/jobs/nowhere/events', undefined, 404, 'job-not-found'],
    ['its predictions', '/jobs/nowhere/predictions', undefined, 404, 'job-not-found'],
    ['its result', '/jobs/nowhere/result', undefined, 404, 'job-not-found'],
    ['its frames', '/jobs/nowhere/frames/0.jpg', undefined, 404, 'job-not-found'],
    ['an id with a path in it', '/jobs/..%2Fsecret', undefined, 400, 'invalid-request'],
    ['an invented cursor', '/jobs?cursor=abc', undefined, 400, 'invalid-input'],
    ['an invented cursor of videos', '/videos?cursor=a.b', undefined, 400, 'invalid-request'],
    ['an invented cursor of models', '/models?cursor=a', undefined, 400, 'invalid-request'],
    [
      'a form without a file',
      '/videos',
      { method: 'POST', body: new FormData() },
      400,
      'invalid-request',
    ],
    [
      'a missing upload',
      `/videos/uploads/${'0'.repeat(9)}-${'0'.repeat(32)}`,
      undefined,
      404,
      'not-found',
    ],
  ])('is rejected: %s', async (_, address, init, status, kind) => {
    const response = await api.at(address, init);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(await json(response)).toMatchObject({ status, type: `/problems/${kind}` });
    expect(response.status).toBe(status);
  });

  it.each<[string, object, string]>([
    ['neither video_id nor url', {}, 'invalid-request'],
    ['both', { video_id: 'a', url: 'http://127.0.0.1/' }, 'invalid-request'],
    ['an unknown field', { video_id: 'a', confidence: 1 }, 'invalid-request'],
    ['a number out of range', { video_id: 'a', conf: 2 }, 'invalid-request'],
    [
      'a webhook of another scheme',
      { video_id: 'a', webhook: { url: 'file:///etc' } },
      'invalid-request',
    ],
    ['a missing video', { video_id: 'api-jobs-nowhere' }, 'video-not-found'],
  ])('for a job is rejected with the reason: %s', async (_, body, kind) => {
    expect(await json(api.post('/jobs', body))).toMatchObject({ type: `/problems/${kind}` });
  });
});
