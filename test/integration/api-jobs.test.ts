import { openAsBlob } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { webhookHeaders } from '../../domain/job/webhook.js';
import { renderSample } from '../../sample/render.js';
import { json, startApi, type TestApi } from '../support/api.js';
import { repeatVideo } from '../support/repeat-video.js';
import { startStack, type TestStack } from '../support/stack.js';
import { startReceiver } from '../support/webhook-receiver.js';

const SECRET = `whsec_${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`;
const RUNS_FOR_MS = 120_000;
/** 10,000 frames, which no machine has seen before it is asked about the first. */
const LONG_REPEATS = 20;

let stack: TestStack;
let api: TestApi;
beforeAll(async () => {
  const variables = { VIDETTE_WEBHOOK_SECRET: SECRET, VIDETTE_ALLOW_PRIVATE_ADDRESSES: 'true' };
  stack = await startStack(variables);
  api = await startApi(stack);
});
afterAll(async () => {
  await api?.stop();
  await stack?.close();
});

describe('a job on a video that is there', () => {
  /** A job that is still at work when it is looked at, on any machine: it is cancelled. */
  const running = () =>
    api.post('/jobs', { video_id: videoId, every: 1, frames: 'none', force: true });
  let videoId: string;
  beforeAll(async () => {
    const short = join(stack.folder, 'sample.mp4');
    await renderSample({ path: short, ffmpegPath: stack.settings['VIDETTE_FFMPEG']! });
    const long = join(stack.folder, 'long.mp4');
    await repeatVideo(short, LONG_REPEATS, long);
    const form = new FormData();
    form.append('file', await openAsBlob(long), 'Мой clip.mp4');
    const response = await api.at('/videos', { method: 'POST', body: form });
    expect(response.status).toBe(201);
    videoId = (await json<{ video_id: string }>(response)).video_id;
  });

  it(
    'gives its frames while it runs',
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
    'is cancelled, and tells it to its signed webhook, which is tried again',
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
      expect(headers).toMatchObject(webhookHeaders(SECRET, { id, timestamp, body }));
      await receiver.close();
    },
    RUNS_FOR_MS,
  );

  it('is found in pages by its video, each job once', async () => {
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

describe('a request that cannot be answered', () => {
  it.each<[string, string, RequestInit | undefined, number, string]>([
    ['a job that is not there', '/jobs/nowhere', undefined, 404, 'job-not-found'],
    ['its events', '/jobs/nowhere/events', undefined, 404, 'job-not-found'],
    ['its predictions', '/jobs/nowhere/predictions', undefined, 404, 'job-not-found'],
    ['its result', '/jobs/nowhere/result', undefined, 404, 'job-not-found'],
    ['its frames', '/jobs/nowhere/frames/0.jpg', undefined, 404, 'job-not-found'],
    ['an id with a path in it', '/jobs/..%2Fsecret', undefined, 400, 'invalid-request'],
    ['a cursor that nobody gave', '/jobs?cursor=abc', undefined, 400, 'invalid-input'],
    [
      'a form without a file',
      '/videos',
      { method: 'POST', body: new FormData() },
      400,
      'invalid-request',
    ],
    [
      'an upload that is not there',
      `/videos/uploads/${'0'.repeat(9)}-${'0'.repeat(32)}`,
      undefined,
      404,
      'not-found',
    ],
  ])('says so: %s', async (_, address, init, status, kind) => {
    const response = await api.at(address, init);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(await json(response)).toMatchObject({ status, type: `/problems/${kind}` });
    expect(response.status).toBe(status);
  });

  it.each<[string, object, string]>([
    ['neither video_id nor url', {}, 'invalid-request'],
    ['both', { video_id: 'a', url: 'http://127.0.0.1/' }, 'invalid-request'],
    ['a field that is not known', { video_id: 'a', confidence: 1 }, 'invalid-request'],
    ['a number out of range', { video_id: 'a', conf: 2 }, 'invalid-request'],
    [
      'a webhook of another scheme',
      { video_id: 'a', webhook: { url: 'file:///etc' } },
      'invalid-request',
    ],
    ['a video that is not there', { video_id: 'nowhere' }, 'video-not-found'],
  ])('of a job names what is wrong: %s', async (_, body, kind) => {
    expect(await json(api.post('/jobs', body))).toMatchObject({ type: `/problems/${kind}` });
  });
});
