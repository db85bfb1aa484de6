import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPlanReader } from '../../activities/plan-reader.js';
import { probeVideo } from '../../activities/probe-video.js';
import { renderReel } from '../../activities/render-reel.js';
import { createVideoRenderer } from '../../adapters/ffmpeg/video-renderer.js';
import { createVideoTools } from '../../adapters/ffmpeg/video-tools.js';
import { createScratch } from '../../adapters/scratch/scratch-folder.js';
import { createSourceCache } from '../../adapters/scratch/source-cache.js';
import { readConfig } from '../../config/index.js';
import { parametersOf, parseJobInput } from '../../domain/job/job-input.js';
import { readPlan } from '../../domain/job/job-store.js';
import { BUCKETS, keys, type ReelId } from '../../domain/names.js';
import { diffResults } from '../../domain/result/diff/diff-results.js';
import type { DiffFrame } from '../../domain/result/diff/diff-frames.js';
import type { Bbox, StoredObject } from '../../domain/result/detection.js';
import type { FrameRow } from '../../domain/result/result.js';
import { PTS_BYTES, timestampMs } from '../../domain/video/timestamp.js';
import { collect } from '../support/collect.js';
import { packetPlaces } from '../support/media-files.js';
import { createMemoryDocumentStore } from '../support/memory-document-store.js';
import { createMemoryObjectStore } from '../support/memory-object-store.js';
import { makeResult, writeOwnLayout } from '../support/results.js';

const data = process.env['VIDETTE_TEST_DATA'] ?? '';
const CLIP = 'one-by-one-person-detection';
const EVERY = 5;
/** Frames that differ between the reference detections with and without preprocessing. */
const DIFFERENT = 115;
const GIB = 1024 ** 3;
/** Distance of the mean red and blue of an edge above which it has the colour of a side. */
const COLOURED = 40;

const objects = createMemoryObjectStore();
let folder: string;
let deps: Awaited<ReturnType<typeof createDeps>>;

async function createDeps() {
  const settings = readConfig({}).ffmpeg;
  return {
    ...{ objects, documents: createMemoryDocumentStore(), plans: createPlanReader(objects) },
    scratch: await createScratch(join(folder, 'scratch'), 20 * GIB),
    sources: createSourceCache(objects, join(folder, 'sources'), GIB),
    tools: await createVideoTools(settings, folder),
    renderer: await createVideoRenderer(settings, folder, 20 * GIB),
  };
}

/** Stores two results of a clip: reference detections with and without preprocessing. */
async function storeResults(): Promise<void> {
  for (const bucket of Object.values(BUCKETS)) await objects.ensureBucket(bucket);
  const place = { bucket: BUCKETS.videos, key: keys.video('clip') };
  await objects.putFile(place.bucket, place.key, join(data, 'videos', `${CLIP}.mp4`));
  const source = { ...place, etag: (await objects.stat(place.bucket, place.key))!.etag };
  const parameters = parametersOf(parseJobInput({ video_id: 'clip', every: EVERY }));
  for (const event_id of ['raw', 'preprocessed']) {
    const { model } = makeResult([], []);
    await run(probeVideo, { event_id, source, parameters, model });
    const { video } = (await readPlan(objects, event_id))!;
    const result = makeResult(await readRows(event_id), []);
    const header = { event_id, video_id: 'clip', parameters, video: { ...source, ...video } };
    await objects.put(
      BUCKETS.results,
      keys.result(event_id),
      writeOwnLayout({ ...result, ...header }),
    );
  }
}

/** Reads reference detections, with the times of the clip. */
async function readRows(eventId: string): Promise<FrameRow[]> {
  const { video } = (await readPlan(objects, eventId))!;
  const table = await objects.get(BUCKETS.results, keys.frameTable(eventId));
  const text = await readFile(join(data, 'expected', `${CLIP}.${eventId}.json`), 'utf8');
  const rows = JSON.parse(text) as readonly Pick<FrameRow, 'frame' | 'objects'>[];
  return rows.map((row) => {
    const pts = Number(table.readBigInt64LE(row.frame * PTS_BYTES));
    return { ...row, timestamp_ms: timestampMs(pts, video) };
  });
}

function run<Input, Output>(
  activity: (used: typeof deps, input: Input) => Promise<Output>,
  input: Input,
): Promise<Output> {
  const environment = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
  return environment.run<[typeof deps, Input], Output, typeof activity>(activity, deps, input);
}

/** Mean blue less red of the right edge of a box, two pixels wide, in each frame of a video. */
async function readBlueness(
  path: string,
  [, top, right, bottom]: Bbox,
): Promise<readonly number[]> {
  const [left, y] = [Math.round(right) - 2, Math.round(top + (bottom - top) / 4)];
  const area = `crop=2:${Math.max(2, Math.round((bottom - top) / 2))}:${left}:${y}`;
  const filters = ['-vf', `format=rgb24,${area},scale=1:1:flags=area`];
  const output = ['-fps_mode', 'passthrough', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'];
  const { stdout } = await execa('ffmpeg', ['-v', 'error', '-i', path, ...filters, ...output], {
    encoding: 'buffer',
  });
  return Array.from({ length: stdout.length / 3 }, (_, i) => stdout[3 * i + 2]! - stdout[3 * i]!);
}

/** Whether the right edge of a box is inside the frame. */
function isClear({ box: [, top, right, bottom] }: StoredObject): boolean {
  return right < 760 && bottom - top > 40;
}

describe.skipIf(!data)('the reel of two results of a real clip', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vidette-reel-'));
    deps = await createDeps();
    await storeResults();
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const reel: ReelId = { a: 'raw', b: 'preprocessed', conf_a: 0.25, conf_b: 0.25 };

  it('has each frame that differs, with the boxes of both sides in their colours', async () => {
    const { bucket, key } = await run(renderReel, reel);
    const path = join(folder, 'reel.mp4');
    await objects.getFile(bucket, key, path);
    expect(await packetPlaces(path)).toHaveLength(DIFFERENT);
    const lines = await collect(await diffResults(objects, reel, { onlyDifferent: true }));
    const frames = lines.filter((line): line is DiffFrame => line.type === 'frame');
    const changes = frames.flatMap(({ changed, vanished, appeared }, at) => {
      const [object, ...others] = [...vanished, ...appeared];
      const isAlone = object && others.length === 0 && changed.length === 0;
      return isAlone && isClear(object) ? [{ at, object, isA: vanished.length > 0 }] : [];
    });
    for (const isA of [true, false]) {
      const some = changes.filter((change) => change.isA === isA).slice(0, 3);
      expect(some).not.toEqual([]);
      for (const { at, object } of some) {
        const blueness = (await readBlueness(path, object.box))[at]!;
        expect(isA ? -blueness : blueness).toBeGreaterThan(COLOURED);
      }
    }
  });

  it('is not rendered again, and not at all without a difference', async () => {
    const stored = await objects.stat(BUCKETS.results, keys.reel(reel));
    await run(renderReel, reel);
    expect(await objects.stat(BUCKETS.results, keys.reel(reel))).toEqual(stored);
    const none = { ...reel, b: 'raw' };
    await expect(run(renderReel, none)).rejects.toMatchObject({ code: 'NO_DIFFERENCE' });
    expect(await objects.stat(BUCKETS.results, keys.reel(none))).toBeUndefined();
  });

  it('needs the video and both results', async () => {
    const other = { ...reel, conf_b: 0.5 };
    await objects.remove(BUCKETS.results, keys.result('preprocessed'));
    await expect(run(renderReel, reel)).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' });
    expect(await objects.stat(BUCKETS.results, keys.reel(reel))).toBeUndefined();
    await storeResults();
    await objects.put(BUCKETS.videos, keys.video('clip'), 'another video');
    await expect(run(renderReel, other)).rejects.toMatchObject({ code: 'VIDEO_CHANGED' });
    await objects.remove(BUCKETS.videos, keys.video('clip'));
    await expect(run(renderReel, other)).rejects.toMatchObject({ code: 'VIDEO_NOT_FOUND' });
  });
});
