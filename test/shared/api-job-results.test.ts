import { openAsBlob } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FRAME_STORAGE } from '../../domain/job/job-input.js';
import type { DetectionResult } from '../../domain/result/result.js';
import { FRAME_COUNT } from '../../sample/scene.js';
import { renderSample } from '../../sample/render.js';
import { apiAt, type ApiClient, json } from '../support/api.js';
import { eventsOf, type ReceivedEvent } from '../support/event-stream.js';
import { connectSharedStack, type SharedConnection } from '../support/shared-stack.js';

const EVERY = 5;
const SAMPLED = FRAME_COUNT / EVERY;
const RUNS_FOR_MS = 120_000;

let stack: SharedConnection;
let api: ApiClient;
let path: string;
beforeAll(async () => {
  stack = await connectSharedStack();
  api = apiAt(stack.apiUrl);
  path = join(stack.folder, 'sample.mp4');
  await renderSample({ path, ffmpegPath: stack.settings['VIDETTE_FFMPEG']! });
});
afterAll(() => stack?.close());

async function upload(options: object, headers: Record<string, string> = {}) {
  const form = new FormData();
  form.append('options', JSON.stringify(options));
  form.append('file', await openAsBlob(path), 'Мой api-job-results.mp4');
  return api.at('/jobs', { method: 'POST', body: form, headers });
}

async function allEvents(address: string, init?: RequestInit): Promise<ReceivedEvent[]> {
  const events: ReceivedEvent[] = [];
  for await (const event of eventsOf(await api.at(address, init))) events.push(event);
  return events;
}

describe('a file posted as a job', () => {
  let id: string;
  let result: DetectionResult;
  beforeAll(async () => {
    const response = await upload({ every: EVERY }, { 'idempotency-key': 'api-job-results-first' });
    expect(response.status).toBe(202);
    const job = await json<{ event_id: string; started: boolean }>(response);
    id = job.event_id;
    expect(job.started).toBe(true);
    expect(response.headers.get('location')).toBe(`/api/v1/jobs/${id}`);
  });

  it(
    'streams its progress until it is ready, then ends the stream',
    async () => {
      const events = await allEvents(`/jobs/${id}/events`);
      expect(events.at(-1)).toMatchObject({ id: 'end', event: 'end' });
      expect(events.at(-2)!.data).toMatchObject({ status: 'ready', frames_done: SAMPLED });
      result = await stack.result(id);
      const again = await api.at(`/jobs/${id}/events`, { headers: { 'last-event-id': 'end' } });
      expect(again.status).toBe(204);
    },
    RUNS_FOR_MS,
  );

  it('is listed by its video, model, class and start, and not by others', async () => {
    const { name, version } = result.model;
    const list = async (filters: Readonly<Record<string, string>>) => {
      const query = new URLSearchParams({ limit: '100', ...filters }).toString();
      return json<{ jobs: { event_id: string; started_at: string }[] }>(api.at(`/jobs?${query}`));
    };
    const video = 'API-JOB-RESULTS';
    const { started_at } = (await list({ video })).jobs.find(({ event_id }) => event_id === id)!;
    const detected = result.frames.flatMap(({ objects }) => objects)[0]!.class;
    const filters = { video, model: `${name}@${version}`, class: detected, since: started_at };
    const found = async (changes: Readonly<Record<string, string>>) => {
      const { jobs } = await list({ ...filters, ...changes });
      return jobs.some(({ event_id }) => event_id === id);
    };
    const later = new Date(Date.parse(started_at) + 1).toISOString();
    expect(await found({})).toBe(true);
    expect(await found({ model: name, status: 'ready' })).toBe(true);
    expect(await found({ video: 'api-jobs' })).toBe(false);
    expect(await found({ model: `${name}@${version + 1}` })).toBe(false);
    expect(await found({ class: 'none of them' })).toBe(false);
    expect(await found({ since: later })).toBe(false);
    expect((await api.at('/jobs?since=yesterday')).status).toBe(400);
    expect((await api.at('/jobs?model=a@b')).status).toBe(404);
    expect((await api.at('/jobs?model=a@b@c')).status).toBe(400);
  });

  it('returns frames as lines, and as events from any frame on', async () => {
    const lines = (await (await api.at(`/jobs/${id}/predictions`)).text()).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(result.frames);
    const events = await allEvents(`/jobs/${id}/predictions`, {
      headers: { accept: 'text/event-stream', 'last-event-id': String(result.frames[6]!.frame) },
    });
    expect(events.slice(0, -1).map(({ data }) => data)).toEqual(result.frames.slice(7));
  });

  it('returns its result whole, by ETag, and by time', async () => {
    const whole = await api.at(`/jobs/${id}/result`);
    expect(await whole.json()).toEqual(result);
    const etag = whole.headers.get('etag')!;
    const known = await api.at(`/jobs/${id}/result`, { headers: { 'if-none-match': etag } });
    expect(known.status).toBe(304);
    const wanted = result.frames.filter(({ timestamp_ms: t }) => t >= 500 && t < 2000);
    const span = `/jobs/${id}/result?from_ms=500&to_ms=2000&limit=${wanted.length - 1}`;
    const first = await json<{ next: string }>(api.at(span));
    expect(first).toMatchObject({ frames: wanted.slice(0, -1), skipped: [] });
    expect(await json(api.at(`${span}&cursor=${first.next}`))).toMatchObject({
      frames: wanted.slice(-1),
      next: null,
    });
    expect((await api.at(`${span}&cursor=page-2`)).status).toBe(400);
    expect(await json(api.at(`/jobs/${id}/summary`))).toMatchObject({
      frames: SAMPLED,
      skipped: 0,
    });
  });

  it('returns its video by byte ranges', async () => {
    const bytes = await readFile(path);
    const video = `/jobs/${id}/video`;
    const part = await api.at(video, { headers: { range: 'bytes=1000-1999' } });
    expect([part.status, part.headers.get('content-range')]).toEqual([
      206,
      `bytes 1000-1999/${bytes.length}`,
    ]);
    expect(Buffer.from(await part.arrayBuffer())).toEqual(bytes.subarray(1000, 2000));
    expect(Buffer.from(await (await api.at(video)).arrayBuffer()).equals(bytes)).toBe(true);
    const head = await api.at(video, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, `${bytes.length}`]);
    const etag = head.headers.get('etag')!;
    const unchanged = await api.at(video, { method: 'HEAD', headers: { 'if-none-match': etag } });
    expect(unchanged.status).toBe(304);
    const outside = await api.at(video, { headers: { range: `bytes=${bytes.length}-` } });
    expect([outside.status, outside.headers.get('content-range')]).toEqual([
      416,
      `bytes */${bytes.length}`,
    ]);
  });

  it('is the same job for the same key, and a conflict for another request with that key', async () => {
    const same = await upload({ every: EVERY }, { 'idempotency-key': 'api-job-results-first' });
    expect(await json(same)).toMatchObject({ event_id: id, started: false });
    const other = await upload({ every: 7 }, { 'idempotency-key': 'api-job-results-first' });
    expect(other.status).toBe(409);
    const rerun = () =>
      api.post(`/jobs/${id}/rerun`, { every: 50 }, { 'idempotency-key': 'api-job-results-again' });
    const [first, second] = [await json(rerun()), await json(rerun())] as { event_id: string }[];
    expect(first).toMatchObject({ started: true });
    expect(second).toMatchObject({ event_id: first!.event_id, started: false });
    await allEvents(`/jobs/${first!.event_id}/events`);
    expect(await json(api.at(`/jobs/${first!.event_id}`))).toMatchObject({ rerun_of: id });
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
    'are returned as JPEGs, plain and annotated: %s',
    async (frames) => {
      const { event_id } = await finished(frames);
      const { size } = (await stack.result(event_id)).video;
      const image = async (name: string) => {
        const response = await api.at(`/jobs/${event_id}/frames/${name}`);
        expect([response.status, response.headers.get('content-type')]).toEqual([
          200,
          'image/jpeg',
        ]);
        return Buffer.from(await response.arrayBuffer());
      };
      const [plain, annotated] = [await image('50.jpg'), await image('50/annotated.jpg')];
      expect(await sharp(plain).metadata()).toMatchObject(size);
      expect(await sharp(annotated).metadata()).toMatchObject(size);
      const mean = async (jpeg: Buffer) => (await sharp(jpeg).stats()).channels.map((c) => c.mean);
      expect(await mean(annotated)).not.toEqual(await mean(plain));
      expect((await api.at(`/jobs/${event_id}/frames/51.jpg`)).status).toBe(404);
    },
    RUNS_FOR_MS,
  );

  it(
    'are not found if none are stored',
    async () => {
      const { event_id } = await finished('none');
      const response = await api.at(`/jobs/${event_id}/frames/50.jpg`);
      expect(response.status).toBe(404);
      expect(await json(response)).toMatchObject({ type: '/problems/frame-not-stored' });
    },
    RUNS_FOR_MS,
  );
});
