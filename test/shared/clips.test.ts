import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { VidetteClient } from '../../client/index.js';
import { BUCKETS, clipObjects, keys } from '../../domain/names.js';
import type { Track } from '../../domain/track/track.js';
import type { Sprite } from '../../domain/video/sprite.js';
import { describeRun } from '../../domain/temporal-runs.js';
import { clipWorkflowIdOf, renderWorkflowIdOf } from '../../domain/workflow-ids.js';
import { apiAt, json } from '../support/api.js';
import { CLIP_KINDS, makeClip } from '../support/clips.js';
import { outputOn } from '../support/command-line.js';
import { packetPlaces } from '../support/media-files.js';
import { connectSharedStack, type SharedConnection } from '../support/shared-stack.js';
import { clientOf } from '../support/vidette-client.js';

const [VIDEO, TRACKED, PLAIN] = ['clips-numbers', 'clips-tracked', 'clips-plain'];
const FRAME_MS = 40;
const SPAN = { event_id: TRACKED, from_ms: 1000, to_ms: 3000 } as const;

let stack: SharedConnection;
let client: VidetteClient;
let track: Track;
beforeAll(async () => {
  stack = await connectSharedStack();
  client = clientOf(stack);
  const path = join(stack.folder, 'clips.mp4');
  await makeClip(
    CLIP_KINDS.find(({ name }) => name === 'constant rate')!,
    path,
  );
  await stack.putVideo(VIDEO, path);
  const job = { video_id: VIDEO, every: 1, frames: 'none', preprocess: false } as const;
  await stack.run({ ...job, event_id: TRACKED, tracking: true });
  await stack.run({ ...job, event_id: PLAIN });
  track = (await stack.result(TRACKED)).tracks!.at(0)!;
});
afterAll(() => stack?.close());

const ask = (event_id: string, part: string, init?: RequestInit) =>
  apiAt(stack.apiUrl).at(`/jobs/${event_id}/${part}`, init);

/** Waits for a clip, and resolves with its number of frames. */
async function framesOf(query: string): Promise<number> {
  const response = await ask(TRACKED, `clip?${query}&wait=1`);
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'video/mp4']);
  const path = join(stack.folder, 'clip.mp4');
  await writeFile(path, Buffer.from(await response.arrayBuffer()));
  return (await packetPlaces(path)).length;
}

describe('a clip of a job', () => {
  it('is rendered at the first request and has the frames of its span', async () => {
    const first = await ask(TRACKED, 'clip?from_ms=1000&to_ms=3000');
    expect(first.status).toBe(202);
    expect(await json(first)).toMatchObject({ state: 'making' });
    expect(await framesOf('from_ms=1000&to_ms=3000')).toBe(2000 / FRAME_MS);
    expect(await framesOf('from_ms=1000&to_ms=3000&boxes=none')).toBe(2000 / FRAME_MS);
    expect(await framesOf('from_ms=10000')).toBe(300 - 10_000 / FRAME_MS);
    const part = await ask(TRACKED, 'clip?from_ms=1000&to_ms=3000', {
      headers: { range: 'bytes=4-7' },
    });
    expect([part.status, await part.text()]).toEqual([206, 'ftyp']);
    expect(part.headers.get('content-disposition')).toContain(`${TRACKED}.clip.mp4`);
  });

  it('shows a track with a margin', async () => {
    const { id, from_ms, to_ms } = track;
    const own = Math.round((to_ms - from_ms) / FRAME_MS) + 1;
    expect(await framesOf(`track=${id}&margin_ms=0&boxes=track`)).toBe(own);
    const before = Math.min(1000, from_ms) / FRAME_MS;
    const after = Math.min(1000, 299 * FRAME_MS - to_ms) / FRAME_MS;
    expect(await framesOf(`track=${id}`)).toBe(Math.round(own + before + after));
  });

  it('is written by the command line', async () => {
    const path = join(stack.folder, 'cli-clip.mp4');
    const span = ['--from', '0:01', '--to', '3', '--no-boxes'];
    expect(await outputOn(stack, 'clip', TRACKED, ...span, '--out', path)).toBe(path);
    expect(await packetPlaces(path)).toHaveLength(2000 / FRAME_MS);
    const cancelled = await outputOn(stack, 'clip', TRACKED, ...span, '--cancel');
    expect(cancelled).toContain('No such clip');
  });

  it.each([
    ['from_ms=20000&to_ms=21000', /No frame is in the span|ends at 21000 ms, after the video/],
    ['from_ms=13000', /No frame is in the span from 13000 ms/],
    ['from_ms=3000&to_ms=3000', /must begin at 0 ms or later and end after its start/],
    ['', /needs a track, a start or an end/],
    ['track=999999', /has no track 999999: it has the tracks 1 to \d+/],
    ['track=1&from_ms=0', /of a track or of a span, not of both/],
    ['from_ms=0&to_ms=80&boxes=track', /needs the id of a track/],
  ])('is rejected for %j', async (query, detail) => {
    for (const method of ['GET', 'DELETE']) {
      const response = await ask(TRACKED, `clip?${query}`, { method });
      expect(response.status).toBe(400);
      const problem = await json<{ type: string; detail: string }>(response);
      expect(problem.type).toBe('/problems/invalid-input');
      expect(problem.detail).toMatch(detail);
    }
  });

  it('is rejected for a track of a job without tracks, and for an unknown job', async () => {
    const response = await ask(PLAIN, 'clip?track=1');
    expect(response.status).toBe(400);
    const { detail } = await json<{ detail: string }>(response);
    expect(detail).toContain(`vidette derive ${PLAIN} --tracking`);
    expect((await ask('clips-nowhere', 'clip?from_ms=0')).status).toBe(404);
  });
});

describe('the sprite of a job', () => {
  it('is rendered at the first request, also of a job that stores no frames', async () => {
    const first = await ask(TRACKED, 'sprite');
    expect(first.status).toBe(202);
    const response = await ask(TRACKED, 'sprite?wait=1');
    expect(response.status).toBe(200);
    const { image, ...sprite } = await json<Sprite & { image: string }>(response);
    expect(sprite).toMatchObject({ tile: { width: 160, height: 80 }, columns: 10 });
    expect(sprite.times_ms).toHaveLength(100);
    const sheet = await fetch(`${stack.apiUrl}${image}`);
    expect([sheet.status, sheet.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
    expect(sheet.headers.get('cache-control')).toContain('immutable');
    const etag = sheet.headers.get('etag')!;
    expect(Buffer.from(await sheet.arrayBuffer()).readUInt16BE()).toBe(0xffd8);
    const again = await ask(TRACKED, 'sprite.jpg', { headers: { 'if-none-match': etag } });
    expect(again.status).toBe(304);
    expect(again.headers.get('cache-control')).not.toContain('immutable');
  });

  it('does not exist for an unknown job', async () => {
    expect((await ask('clips-nowhere', 'sprite')).status).toBe(404);
  });
});

it('deletes clips and sprite with the job', async () => {
  const clips = () =>
    Array.fromAsync(stack.objects.list(BUCKETS.results, clipObjects(TRACKED).prefix));
  const clip = { ...SPAN, boxes: 'all' } as const;
  expect(await clips()).toContain(keys.clip(clip));
  await client.deleteJob(TRACKED);
  expect(await clips()).toEqual([]);
  const sprite = keys.render(TRACKED, 'sprite');
  expect(await stack.objects.stat(BUCKETS.results, sprite)).toBeUndefined();
  for (const id of [clipWorkflowIdOf(clip), renderWorkflowIdOf(TRACKED, 'sprite')]) {
    expect(await describeRun(stack.client, id)).toBeUndefined();
  }
});
