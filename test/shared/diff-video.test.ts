import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DiffLine, DiffSummary, ReelThresholds, VidetteClient } from '../../client/index.js';
import type { JobRequest } from '../../domain/job/job-input.js';
import { MOCK_MODEL_NAME } from '../../domain/model/known-models.js';
import { BUCKETS, keys, reelObjects } from '../../domain/names.js';
import type { Bbox } from '../../domain/result/detection.js';
import type { DiffFrame } from '../../domain/result/diff/diff-frames.js';
import { describeRun } from '../../domain/temporal-runs.js';
import { reelWorkflowIdOf } from '../../domain/workflow-ids.js';
import { apiAt, json } from '../support/api.js';
import { collect } from '../support/collect.js';
import { outputOn } from '../support/command-line.js';
import { packetPlaces } from '../support/media-files.js';
import { REAL_MODEL } from '../support/shared-settings.js';
import { connectSharedStack, type SharedConnection } from '../support/shared-stack.js';
import { clientOf } from '../support/vidette-client.js';

const data = process.env['VIDETTE_TEST_DATA'] ?? '';
const [A, B, OTHER] = ['diff-video-real', 'diff-video-mock', 'diff-video-other'];
const RUNS_FOR_MS = 180_000;
/** Confidences above those of all objects of `mock`, and of all but people of the other model. */
const PEOPLE_OF_A = { conf_a: '0.7', conf_b: '0.9' };
const SECONDS_PER_FRAME = 0.5;
/** Distance of the mean red and blue of an edge above which it has the colour of a side. */
const COLOURED = 40;

let stack: SharedConnection;
let client: VidetteClient;

type Query = Readonly<Record<string, string>>;

const ask = (query: Query, init?: RequestInit) =>
  apiAt(stack.apiUrl).at(`/diff/video?${new URLSearchParams(query).toString()}`, init);

/** Waits for a video and resolves with its path. */
async function download(query: Query, name: string): Promise<string> {
  const response = await ask({ ...query, wait: '1' });
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'video/mp4']);
  const path = join(stack.folder, name);
  await writeFile(path, Buffer.from(await response.arrayBuffer()));
  return path;
}

async function readDifferent(
  thresholds: ReelThresholds = {},
): Promise<[readonly DiffFrame[], DiffSummary]> {
  const options = { ...thresholds, onlyDifferent: true };
  const lines = await collect<DiffLine>(await client.diff(A, B, options));
  const frames = lines.filter((line): line is DiffFrame => line.type === 'frame');
  return [frames, lines.at(-1) as DiffSummary];
}

async function probe(path: string): Promise<{ width: number; height: number; duration: number }> {
  const entries = ['-show_entries', 'stream=width,height,duration', '-of', 'json', path];
  const { stdout } = await execa('ffprobe', ['-v', 'error', ...entries]);
  const { streams } = JSON.parse(stdout) as {
    streams: { width: number; height: number; duration: string }[];
  };
  expect(streams).toHaveLength(1);
  const [{ width, height, duration }] = streams as [(typeof streams)[number]];
  return { width, height, duration: Number(duration) };
}

/** Mean blue less red of the left edge of a box, two pixels wide, in each frame of a video. */
async function bluenessOf(path: string, [x, top, , bottom]: Bbox): Promise<readonly number[]> {
  const [left, y] = [Math.round(x), Math.round(top + (bottom - top) / 4)];
  const area = `crop=2:${Math.max(2, Math.round((bottom - top) / 2))}:${left}:${y}`;
  const filters = ['-vf', `format=rgb24,${area},scale=1:1:flags=area`];
  const output = ['-fps_mode', 'passthrough', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'];
  const { stdout } = await execa('ffmpeg', ['-v', 'error', '-i', path, ...filters, ...output], {
    encoding: 'buffer',
  });
  return Array.from({ length: stdout.length / 3 }, (_, i) => stdout[3 * i + 2]! - stdout[3 * i]!);
}

describe.skipIf(!data)('the video of the differences between two jobs of a real clip', () => {
  beforeAll(async () => {
    stack = await connectSharedStack();
    client = clientOf(stack);
    await stack.putVideo('diff-video', join(data, 'videos', 'one-by-one-person-detection.mp4'));
    const run = (event_id: string, options: Partial<JobRequest>) =>
      stack.run({ video_id: 'diff-video', event_id, frames: 'none', every: 25, ...options });
    await run(A, { model: REAL_MODEL, to_ms: 20_000 });
    await run(B, { model: MOCK_MODEL_NAME, to_ms: 20_000 });
    await run(OTHER, { model: MOCK_MODEL_NAME, every: 50, to_ms: 20_000 });
  }, RUNS_FOR_MS);
  afterAll(() => stack?.close());

  it('shows the frames that differ for half a second each, with boxes of B', async () => {
    const [frames, summary] = await readDifferent();
    const first = await ask({ a: A, b: B });
    expect(first.status).toBe(202);
    expect(await json(first)).toMatchObject({ state: 'making' });
    const path = await download({ a: A, b: B }, 'all.mp4');
    expect(frames).toHaveLength(summary.frames_different);
    expect((await packetPlaces(path)).length).toBe(frames.length);
    const { width, height, duration } = await probe(path);
    expect(duration).toBeCloseTo(frames.length * SECONDS_PER_FRAME, 2);
    const { size } = (await stack.result(A)).video;
    expect(width).toBe(size.width);
    expect(height).toBeGreaterThan(size.height);
    // The model `mock` finds the same box in each frame, which the other model does not.
    const { box } = frames[0]!.appeared.find((object) => object.class === 'mock-large')!;
    const colours = await bluenessOf(path, box);
    expect(colours).toHaveLength(frames.length);
    for (const blueness of colours) expect(blueness).toBeGreaterThan(COLOURED);
  });

  it('depends on the minimum confidences, and has boxes of A', async () => {
    const [frames, summary] = await readDifferent({ confA: 0.7, confB: 0.9 });
    expect(summary.frames_different).toBeGreaterThan(0);
    expect(summary.frames_different).toBeLessThan(summary.frames);
    const path = await download({ a: A, b: B, ...PEOPLE_OF_A }, 'only-a.mp4');
    expect((await packetPlaces(path)).length).toBe(summary.frames_different);
    const at = frames.findIndex(({ vanished }) => vanished.length === 1);
    const colours = await bluenessOf(path, frames[at]!.vanished[0]!.box);
    expect(colours[at]).toBeLessThan(-COLOURED);
  });

  it('is sent by byte ranges, and is the same from the command line', async () => {
    const part = await ask({ a: A, b: B }, { headers: { range: 'bytes=4-7' } });
    expect([part.status, await part.text()]).toEqual([206, 'ftyp']);
    expect(part.headers.get('content-disposition')).toContain(`${A}.diff.mp4`);
    const [path, whole] = ['cli.mp4', 'again.mp4'].map((name) => join(stack.folder, name));
    expect(await outputOn(stack, 'diff', A, B, '--video', path!)).toBe(path);
    await download({ a: A, b: B }, 'again.mp4');
    expect(await readFile(path!)).toEqual(await readFile(whole!));
    expect(await client.cancelReel(A, B)).toBe(false);
  });

  it('does not exist if no frame differs', async () => {
    const response = await ask({ a: B, b: B, wait: '1' });
    expect(response.status).toBe(404);
    const detail = expect.stringContaining('No frame differs') as string;
    expect(await json(response)).toMatchObject({ type: '/problems/no-difference', detail });
    const reel = { a: B, b: B, conf_a: 0.25, conf_b: 0.25 };
    expect(await stack.objects.stat(BUCKETS.results, keys.reel(reel))).toBeUndefined();
  });

  it('is rejected for jobs that cannot be compared', async () => {
    const kindOf = async (query: Query) => {
      const response = await ask(query);
      return [response.status, (await json<{ type: string }>(response)).type];
    };
    expect(await kindOf({ a: A, b: OTHER })).toEqual([409, '/problems/not-comparable']);
    expect(await kindOf({ a: A, b: 'diff-video-none' })).toEqual([404, '/problems/job-not-found']);
    expect(await kindOf({ a: A, b: B, conf_b: '0.1' })).toEqual([400, '/problems/invalid-input']);
    expect(await kindOf({ a: A, b: B, conf_b: '2' })).toEqual([400, '/problems/invalid-request']);
  });

  it('is rejected if the video was replaced, and then deleted', async () => {
    await stack.objects.put(BUCKETS.videos, keys.video('diff-video'), 'another video');
    const changed = client.diffReel(A, B, { confA: 0.3 });
    await expect(changed).rejects.toMatchObject({ code: 'VIDEO_CHANGED' });
    await stack.objects.remove(BUCKETS.videos, keys.video('diff-video'));
    const deleted = client.diffReel(A, B, { confA: 0.35 });
    await expect(deleted).rejects.toMatchObject({ code: 'VIDEO_NOT_FOUND' });
    // A stored video is still sent.
    expect((await ask({ a: A, b: B })).status).toBe(200);
  });

  it('is deleted with either of its jobs', async () => {
    const stored = () =>
      Array.fromAsync(stack.objects.list(BUCKETS.results, reelObjects(A).prefix));
    const reel = { a: A, b: B, conf_a: 0.25, conf_b: 0.25 };
    expect(await stored()).toContain(keys.reel(reel));
    await client.deleteJob(B);
    expect(await stored()).toEqual([]);
    expect(await describeRun(stack.client, reelWorkflowIdOf(reel))).toBeUndefined();
    expect(await stack.objects.stat(BUCKETS.results, keys.result(A))).toBeDefined();
  });
});
