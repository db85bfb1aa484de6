import { openAsBlob } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FRAME_STORAGE } from '../../domain/job-input.js';
import type { DetectionResult } from '../../domain/result.js';
import { webhookHeaders } from '../../domain/webhook.js';
import { FRAME_COUNT } from '../../stack/sample/scene.js';
import { renderSample } from '../../stack/sample/render.js';
import { startApi, type TestApi } from '../support/api.js';
import { eventsOf, type ReceivedEvent } from '../support/event-stream.js';
import { repeatVideo } from '../support/repeat-video.js';
import { startStack, type TestStack } from '../support/stack.js';
import { startReceiver } from '../support/webhook-receiver.js';

const SECRET = `whsec_${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`;
const EVERY = 5;
const SAMPLED = FRAME_COUNT / EVERY;
const RUNS_FOR_MS = 120_000;
/** 10,000 frames, which no machine has seen before it is asked about the first. */
const LONG_REPEATS = 20;

let stack: TestStack;
let api: TestApi;
let path: string;
beforeAll(async () => {
  const variables = { VIDETTE_WEBHOOK_SECRET: SECRET, VIDETTE_ALLOW_PRIVATE_ADDRESSES: 'true' };
  stack = await startStack(variables);
  api = await startApi(stack);
  path = join(stack.folder, 'sample.mp4');
  await renderSample({ path, ffmpegPath: stack.settings['VIDETTE_FFMPEG']! });
});
afterAll(async () => {
  await api?.stop();
  await stack?.close();
});

const at = (address: string, init?: RequestInit) => fetch(`${api.url}/api/v1${address}`, init);
const json = async <T>(response: Response | Promise<Response>) =>
  (await (await response).json()) as T;
const post = (address: string, body: unknown, headers: Record<string, string> = {}) =>
  at(address, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

async function upload(options: object, headers: Record<string, string> = {}) {
  const form = new FormData();
  form.append('options', JSON.stringify(options));
  form.append('file', await openAsBlob(path), 'Мой clip.mp4');
  return at('/jobs', { method: 'POST', body: form, headers });
}

async function allEvents(address: string, init?: RequestInit): Promise<ReceivedEvent[]> {
  const events: ReceivedEvent[] = [];
  for await (const event of eventsOf(await at(address, init))) events.push(event);
  return events;
}

describe('a file that is posted as a job', () => {
  let id: string;
  let result: DetectionResult;
  beforeAll(async () => {
    const response = await upload({ every: EVERY }, { 'idempotency-key': 'first' });
    expect(response.status).toBe(202);
    const job = await json<{ event_id: string; started: boolean }>(response);
    id = job.event_id;
    expect(job.started).toBe(true);
    expect(response.headers.get('location')).toBe(`/api/v1/jobs/${id}`);
  });

  it(
    'tells its progress until it is ready, and then that there is no more',
    async () => {
      const events = await allEvents(`/jobs/${id}/events`);
      expect(events.at(-1)).toMatchObject({ id: 'end', event: 'end' });
      expect(events.at(-2)!.data).toMatchObject({ status: 'ready', frames_done: SAMPLED });
      result = await stack.result(id);
      const again = await at(`/jobs/${id}/events`, { headers: { 'last-event-id': 'end' } });
      expect(again.status).toBe(204);
    },
    RUNS_FOR_MS,
  );

  it('gives each frame as a line, and from any frame on as events', async () => {
    const lines = (await (await at(`/jobs/${id}/predictions`)).text()).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(result.frames);
    const events = await allEvents(`/jobs/${id}/predictions`, {
      headers: { accept: 'text/event-stream', 'last-event-id': String(result.frames[6]!.frame) },
    });
    expect(events.slice(0, -1).map(({ data }) => data)).toEqual(result.frames.slice(7));
  });

  it('gives its result whole, once, and by time', async () => {
    const whole = await at(`/jobs/${id}/result`);
    expect(await whole.json()).toEqual(result);
    const etag = whole.headers.get('etag')!;
    const known = await at(`/jobs/${id}/result`, { headers: { 'if-none-match': etag } });
    expect(known.status).toBe(304);
    const wanted = result.frames.filter(({ timestamp_ms: t }) => t >= 500 && t < 2000);
    const pages = [1, 2].map((page) =>
      json<{ rows: unknown[]; next_page: number | null }>(
        at(`/jobs/${id}/result?from_ms=500&to_ms=2000&limit=${wanted.length - 1}&page=${page}`),
      ),
    );
    const [first, second] = await Promise.all(pages);
    expect(first).toMatchObject({ rows: wanted.slice(0, -1), skipped: [], next_page: 2 });
    expect(second).toMatchObject({ rows: wanted.slice(-1), next_page: null });
    expect(await json(at(`/jobs/${id}/summary`))).toMatchObject({ frames: SAMPLED, skipped: 0 });
  });

  it('gives the bytes of its video, by ranges', async () => {
    const bytes = await readFile(path);
    const video = `/jobs/${id}/video`;
    const part = await at(video, { headers: { range: 'bytes=1000-1999' } });
    expect([part.status, part.headers.get('content-range')]).toEqual([
      206,
      `bytes 1000-1999/${bytes.length}`,
    ]);
    expect(Buffer.from(await part.arrayBuffer())).toEqual(bytes.subarray(1000, 2000));
    expect(Buffer.from(await (await at(video)).arrayBuffer()).equals(bytes)).toBe(true);
    const head = await at(video, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, `${bytes.length}`]);
    const etag = head.headers.get('etag')!;
    const unchanged = await at(video, { method: 'HEAD', headers: { 'if-none-match': etag } });
    expect(unchanged.status).toBe(304);
    const outside = await at(video, { headers: { range: `bytes=${bytes.length}-` } });
    expect([outside.status, outside.headers.get('content-range')]).toEqual([
      416,
      `bytes */${bytes.length}`,
    ]);
  });

  it('is the same job for the same key, and none for another request with it', async () => {
    const same = await upload({ every: EVERY }, { 'idempotency-key': 'first' });
    expect(await json(same)).toMatchObject({ event_id: id, started: false });
    const other = await upload({ every: 7 }, { 'idempotency-key': 'first' });
    expect(other.status).toBe(409);
    const rerun = () => post(`/jobs/${id}/rerun`, { every: 50 }, { 'idempotency-key': 'again' });
    const [first, second] = [await json(rerun()), await json(rerun())] as { event_id: string }[];
    expect(first).toMatchObject({ started: true });
    expect(second).toMatchObject({ event_id: first!.event_id, started: false });
    await allEvents(`/jobs/${first!.event_id}/events`);
    expect(await json(at(`/jobs/${first!.event_id}`))).toMatchObject({ rerun_of: id });
  });
});

describe('the frames of a job', () => {
  const finished = async (frames: (typeof FRAME_STORAGE)[number]) => {
    const { event_id, video_id } = await json<Record<'event_id' | 'video_id', string>>(
      upload({ every: 25, frames }),
    );
    await allEvents(`/jobs/${event_id}/events`);
    return { event_id, video_id };
  };

  it.each(['objects', 'packed'] as const)(
    'are JPEGs, plain and annotated: %s',
    async (frames) => {
      const { event_id } = await finished(frames);
      const { size } = (await stack.result(event_id)).video;
      const picture = async (name: string) => {
        const response = await at(`/jobs/${event_id}/frames/${name}`);
        expect([response.status, response.headers.get('content-type')]).toEqual([
          200,
          'image/jpeg',
        ]);
        return Buffer.from(await response.arrayBuffer());
      };
      const [plain, annotated] = [await picture('50.jpg'), await picture('50/annotated.jpg')];
      expect(await sharp(plain).metadata()).toMatchObject(size);
      expect(await sharp(annotated).metadata()).toMatchObject(size);
      const mean = async (jpeg: Buffer) => (await sharp(jpeg).stats()).channels.map((c) => c.mean);
      expect(await mean(annotated)).not.toEqual(await mean(plain));
      expect((await at(`/jobs/${event_id}/frames/51.jpg`)).status).toBe(404);
    },
    RUNS_FOR_MS,
  );

  it(
    'are not there when none are stored',
    async () => {
      const { event_id } = await finished('none');
      const response = await at(`/jobs/${event_id}/frames/50.jpg`);
      expect(response.status).toBe(404);
      expect(await json(response)).toMatchObject({ type: '/problems/frame-not-stored' });
    },
    RUNS_FOR_MS,
  );
});

describe('a job on a video that is there', () => {
  /** A job that is still at work when it is looked at, on any machine: it is cancelled. */
  const running = () => post('/jobs', { video_id: videoId, every: 1, frames: 'none', force: true });
  let videoId: string;
  beforeAll(async () => {
    const long = join(stack.folder, 'long.mp4');
    await repeatVideo(path, LONG_REPEATS, long);
    const form = new FormData();
    form.append('file', await openAsBlob(long), 'Мой clip.mp4');
    const response = await at('/videos', { method: 'POST', body: form });
    expect(response.status).toBe(201);
    videoId = (await json<{ video_id: string }>(response)).video_id;
  });

  it(
    'gives its frames while it runs',
    async () => {
      const { event_id } = await json<{ event_id: string }>(running());
      const response = await at(`/jobs/${event_id}/predictions`);
      const first = await response.body!.getReader().read();
      const { status } = await json<{ status: string }>(at(`/jobs/${event_id}`));
      expect(Buffer.from(first.value).toString()).toMatch(/^\{"frame":0,/);
      expect(status).toBe('processing');
      await at(`/jobs/${event_id}`, { method: 'DELETE' });
    },
    RUNS_FOR_MS,
  );

  it(
    'is cancelled, and tells it to its signed webhook, which is tried again',
    async () => {
      const receiver = await startReceiver({ answers: [500] });
      const { event_id } = await json<{ event_id: string }>(
        post('/jobs', { video_id: videoId, every: 1, force: true, webhook: { url: receiver.url } }),
      );
      // Before that nobody knows whose video it is.
      const event = () => stack.documents.findEvent(event_id);
      await expect.poll(event, { timeout: RUNS_FOR_MS }).toBeDefined();
      expect((await at(`/jobs/${event_id}`, { method: 'DELETE' })).status).toBe(202);
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
        at(`/jobs?limit=2&text=${videoId.toUpperCase()}${cursor && `&cursor=${cursor}`}`),
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
    const response = await at(address, init);
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
    expect(await json(post('/jobs', body))).toMatchObject({ type: `/problems/${kind}` });
  });
});
