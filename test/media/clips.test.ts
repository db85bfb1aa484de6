import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPlanReader } from '../../activities/plan-reader.js';
import { probeVideo } from '../../activities/probe-video.js';
import { renderClip } from '../../activities/render-clip.js';
import { renderVideo } from '../../activities/render-video.js';
import { createVideoRenderer } from '../../adapters/ffmpeg/video-renderer.js';
import { createVideoTools } from '../../adapters/ffmpeg/video-tools.js';
import { createScratch } from '../../adapters/scratch/scratch-folder.js';
import { createSourceCache } from '../../adapters/scratch/source-cache.js';
import { createModelRegistry } from '../../adapters/store/model-registry.js';
import { readConfig } from '../../config/index.js';
import { parametersOf, parseJobInput } from '../../domain/job/job-input.js';
import { readPlan } from '../../domain/job/job-store.js';
import { BUCKETS, type ClipId, keys } from '../../domain/names.js';
import { readPts } from '../../domain/video/clip-frames.js';
import { type Sprite, SPRITE_METADATA } from '../../domain/video/sprite.js';
import { timestampMs } from '../../domain/video/timestamp.js';
import { sha256OfFile } from '../../platform/file-hash.js';
import { type ClipKind, CLIP_KINDS, makeClip, SIZE } from '../support/clips.js';
import { decodedTruth, type TrueFrame } from '../support/decoded-truth.js';
import { QUIET } from '../support/media-files.js';
import { createMemoryDocumentStore } from '../support/memory-document-store.js';
import { createMemoryObjectStore } from '../support/memory-object-store.js';
import { makeResult, writeOwnLayout } from '../support/results.js';

const GIB = 1024 ** 3;
/** Kinds whose frames are found in different ways: by PTS, after other keyframes, or by counting. */
const KINDS = [
  ...['constant rate', 'variable rate', 'open GOP', 'edit list that starts later'],
  ...['MPEG-TS from 1.4 s', 'AVI of H.264 with B-frames', 'raw H.264 with B-frames', 'WebM VP9'],
];
/** Largest difference of times that the time base of an MP4 can make, in ms. */
const ROUNDING_MS = 1;

const objects = createMemoryObjectStore();
let folder: string;
let deps: Awaited<ReturnType<typeof createDeps>>;

async function createDeps() {
  const settings = readConfig({}).ffmpeg;
  return {
    ...{ objects, documents: createMemoryDocumentStore(), plans: createPlanReader(objects) },
    models: createModelRegistry(objects),
    scratch: await createScratch(join(folder, 'scratch'), 20 * GIB),
    sources: createSourceCache(objects, join(folder, 'sources'), GIB),
    tools: await createVideoTools(settings, folder),
    renderer: await createVideoRenderer(settings, folder, 20 * GIB),
  };
}

function run<Input, Output>(
  activity: (used: typeof deps, input: Input) => Promise<Output>,
  input: Input,
): Promise<Output> {
  const environment = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
  return environment.run<[typeof deps, Input], Output, typeof activity>(activity, deps, input);
}

/** Stores a video with a plan and a result of one object. */
async function storeJob(event_id: string, path: string): Promise<void> {
  const place = { bucket: BUCKETS.videos, key: keys.video(event_id) };
  await objects.putFile(place.bucket, place.key, path);
  const source = { ...place, etag: (await objects.stat(place.bucket, place.key))!.etag };
  const parameters = parametersOf(parseJobInput({ video_id: event_id, every: 5 }));
  const box = [4, 4, 100, 60] as const;
  const row = {
    ...{ frame: 0, timestamp_ms: 0 },
    objects: [{ class: 'person', conf: 0.9, box, track_id: 1 }],
  };
  const result = makeResult([row], []);
  await run(probeVideo, { event_id, source, parameters, model: result.model });
  const { video } = (await readPlan(objects, event_id))!;
  const header = { event_id, video_id: event_id, parameters, video: { ...source, ...video } };
  const text = writeOwnLayout({ ...result, ...header });
  await objects.put(BUCKETS.results, keys.result(event_id), text);
}

/** Renders a clip, and resolves with its path. */
async function clipOf(clip: ClipId): Promise<string> {
  const { bucket, key } = await run(renderClip, clip);
  expect(key).toBe(keys.clip(clip));
  const path = join(folder, key.replaceAll('/', '-'));
  await objects.getFile(bucket, key, path);
  return path;
}

/** Time of each frame of a video in ms, in the order in which they are shown. */
async function timesOf(path: string): Promise<number[]> {
  const show = ['-show_entries', 'frame=best_effort_timestamp_time', '-of', 'csv=p=0'];
  const { stdout } = await execa('ffprobe', [
    '-v',
    'error',
    '-select_streams',
    'v:0',
    ...show,
    path,
  ]);
  const lines = stdout.split('\n').map((line) => line.replace(/,.*$/, ''));
  return lines.filter((line) => line !== '').map((line) => 1000 * Number(line));
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-clips-'));
  for (const bucket of Object.values(BUCKETS)) await objects.ensureBucket(bucket);
  deps = await createDeps();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each(CLIP_KINDS.filter(({ name }) => KINDS.includes(name)))('$name', (kind: ClipKind) => {
  const event_id = kind.name.replaceAll(/\W+/g, '-');
  let truth: readonly TrueFrame[];
  let times: readonly number[];
  beforeAll(async () => {
    const path = join(folder, `${event_id}.${kind.extension}`);
    await makeClip(kind, path);
    truth = await decodedTruth(path, { size: kind.size ?? SIZE, rotation: 0 });
    await storeJob(event_id, path);
    const plan = (await readPlan(objects, event_id))!;
    times = await Promise.all(
      truth.map(async (_, frame) => timestampMs(await readPts(objects, plan, frame), plan.video)),
    );
  });

  it.each([
    [0, 1],
    [0, 40],
    [57, 58],
    [58, 101],
    [-3, Infinity],
  ] as const)('has exactly its frames, and their times from 0 on (%s to %s)', async (a, b) => {
    const from = a < 0 ? truth.length + a : a;
    const to = Math.min(b, truth.length);
    const span = { from_ms: times[from]!, to_ms: times[to - 1]! + 0.001 };
    const clip = { event_id, boxes: 'none', ...rounded(span) } as const;
    const path = await clipOf(clip);
    const shown = await decodedTruth(path, { size: kind.size ?? SIZE, rotation: 0 });
    expect(shown.map(({ number }) => number)).toEqual(
      truth.slice(from, to).map(({ number }) => number),
    );
    const expected = times.slice(from, to).map((ms) => ms - times[from]!);
    for (const [i, ms] of (await timesOf(path)).entries()) {
      expect(Math.abs(ms - expected[i]!), `frame ${i}`).toBeLessThanOrEqual(ROUNDING_MS);
    }
  });
});

const rounded = ({ from_ms, to_ms }: { from_ms: number; to_ms: number }) => ({
  from_ms,
  to_ms: Math.round(to_ms * 1000) / 1000,
});

describe('a clip of a video with sound', () => {
  const event_id = 'sound';
  const DURATION = 'stream=codec_type,codec_name,duration';
  beforeAll(async () => {
    const path = join(folder, 'sound.mp4');
    const inputs = ['-f', 'lavfi', '-i', 'testsrc2=s=128x64:r=25:d=12'];
    const sound = ['-f', 'lavfi', '-i', 'sine=440:d=12', '-c:a', 'aac'];
    await execa('ffmpeg', [...QUIET, ...inputs, ...sound, '-c:v', 'libx264', '-g', '50', path]);
    await storeJob(event_id, path);
  });

  it('has the sound of its frames', async () => {
    const path = await clipOf({ event_id, from_ms: 4000, to_ms: 7000, boxes: 'none' });
    expect(await timesOf(path)).toHaveLength(75);
    const { stdout } = await execa('ffprobe', [
      ...['-v', 'error', '-show_entries', DURATION, '-of', 'json', path],
    ]);
    const { streams } = JSON.parse(stdout) as {
      streams: { codec_type: string; duration: string }[];
    };
    expect(streams.map((stream) => stream.codec_type)).toEqual(['video', 'audio']);
    for (const { duration } of streams) expect(Number(duration)).toBeCloseTo(3, 1);
  });

  it('has boxes unless none are asked for, and the same bytes when it is rendered again', async () => {
    const span = { event_id, from_ms: 0, to_ms: 120 } as const;
    const paths = {
      all: await clipOf({ ...span, boxes: 'all' }),
      none: await clipOf({ ...span, boxes: 'none' }),
      own: await clipOf({ ...span, boxes: 'track-1' }),
      other: await clipOf({ ...span, boxes: 'track-2' }),
    };
    const hashes = {
      all: await pictureHash(paths.all),
      none: await pictureHash(paths.none),
      own: await pictureHash(paths.own),
      other: await pictureHash(paths.other),
    };
    expect(hashes.all).not.toBe(hashes.none);
    expect(hashes.own).toBe(hashes.all);
    expect(hashes.other).toBe(hashes.none);
    const before = await sha256OfFile(paths.all);
    await objects.remove(BUCKETS.results, keys.clip({ ...span, boxes: 'all' }));
    expect(await sha256OfFile(await clipOf({ ...span, boxes: 'all' }))).toBe(before);
  });

  it('is rejected if no frame is in its span', async () => {
    const clip = { event_id, from_ms: 12_500, to_ms: 13_000, boxes: 'none' } as const;
    await expect(run(renderClip, clip)).rejects.toThrow(
      'No frame is in the span from 12500 ms to 13000 ms: the frames of the video are at 0 ms to 11960 ms.',
    );
    expect(await objects.stat(BUCKETS.results, keys.clipMark(clip))).toBeUndefined();
  });
});

/** Hash of the decoded frames of a video. */
async function pictureHash(path: string): Promise<string> {
  const output = ['-map', '0:v:0', '-f', 'hash', '-'];
  const { stdout } = await execa('ffmpeg', ['-v', 'error', '-nostdin', '-i', path, ...output]);
  return stdout;
}

describe('a sprite', () => {
  const spriteOf = async (event_id: string): Promise<Sprite> => {
    const { bucket, key } = await run(renderVideo, { event_id, kind: 'sprite' });
    const { metadata } = (await objects.stat(bucket, key))!;
    await objects.getFile(bucket, key, join(folder, `${event_id}.jpg`));
    return JSON.parse(metadata[SPRITE_METADATA]!) as Sprite;
  };

  it.each([
    ['constant-rate', 100],
    ['MPEG-TS-from-1-4-s', 100],
    ['raw-H-264-with-B-frames', 100],
  ])('of %s has %d images that are spread evenly', async (event_id, count) => {
    const sprite = await spriteOf(event_id);
    expect(sprite.tile).toEqual({ width: 160, height: 80 });
    expect(sprite.times_ms).toHaveLength(count);
    expect(sprite.times_ms[0]).toBe(0);
    const gaps = sprite.times_ms.slice(1).map((ms, i) => ms - sprite.times_ms[i]!);
    for (const gap of gaps) expect(Math.abs(gap - 120)).toBeLessThanOrEqual(1); // 3 frames of 40 ms
    expect(await sizeOf(join(folder, `${event_id}.jpg`))).toBe('1600,800');
    const before = await sha256OfFile(join(folder, `${event_id}.jpg`));
    await objects.remove(BUCKETS.results, keys.render(event_id, 'sprite'));
    expect(await spriteOf(event_id)).toEqual(sprite);
    expect(await sha256OfFile(join(folder, `${event_id}.jpg`))).toBe(before);
  });

  it('of a long video is made of its keyframes', async () => {
    const path = join(folder, 'long.mp4');
    const input = ['-f', 'lavfi', '-i', 'testsrc2=s=64x64:r=25:d=820', '-c:v', 'libx264'];
    const fast = ['-preset', 'ultrafast', '-g', '100', '-sc_threshold', '0'];
    await execa('ffmpeg', [...QUIET, ...input, ...fast, path]);
    await storeJob('long', path);
    const { times_ms } = await spriteOf('long');
    expect(times_ms.length).toBeGreaterThan(90);
    for (const ms of times_ms) expect(ms % 4000).toBe(0); // a keyframe each 4 s
  });
});

async function sizeOf(path: string): Promise<string> {
  const show = ['-show_entries', 'stream=width,height', '-of', 'csv=p=0', path];
  return (await execa('ffprobe', ['-v', 'error', ...show])).stdout.trim();
}
