import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LaneJob, LaneResult } from '../domain/ports/lanes.js';
import type { VideoTools } from '../domain/ports/video-tools.js';
import type { Detector } from '../models/detector.js';
import type { FramePixels } from '../models/session/running-network.js';
import { detectJob } from './detect-range.js';
import { readInFlight } from './in-flight-marker.js';

const CONTENT = { width: 16, height: 16 };
const FRAME_BYTES = 3 * CONTENT.width * CONTENT.height;
const EVERY = 5;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-detect-job-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What a frame shows, and what becomes of it. */
interface Scene {
  /** 0 to 255: frames of one grey show the same. */
  readonly grey: number;
  readonly fails?: boolean;
  readonly isKnown?: boolean;
}

interface Run {
  readonly result: LaneResult;
  /** Frames of each inference that was asked for. */
  readonly inferences: readonly number[];
  readonly progress: readonly number[];
  /** What the marker told in each inference. */
  readonly marked: readonly unknown[];
}

interface Options {
  readonly batchSize: number;
  readonly still?: number;
  readonly single?: boolean;
  /** Inferences of several frames fail, whatever is in them. */
  readonly noneTogether?: boolean;
}

/** Runs a job on a range of such frames; the first pixel of each holds its number. */
async function run(scenes: readonly Scene[], options: Options): Promise<Run> {
  const { batchSize, still, single, noneTogether = false } = options;
  const frames = scenes.map((_, i) => ({ frame: EVERY * i, pts: 10 * i }));
  const path = join(folder, 'planes.raw');
  const bytes = scenes.map(({ grey }, i) => Buffer.alloc(FRAME_BYTES, grey).fill(i, 0, 1));
  await writeFile(path, Buffer.concat(bytes));
  const inferences: number[] = [];
  const marked: unknown[] = [];
  const note = (count: number) => {
    inferences.push(count);
    marked.push(readInFlight(folder));
  };
  const find = ({ bytes: [number, grey] }: FramePixels) => {
    if (scenes[number!]!.fails) throw new Error(`no ${number}`);
    return [
      { classId: 0, confidence: 0.5, bbox: [number!, grey!, number! + 2, grey! + 2] as const },
    ];
  };
  const detector: Detector = {
    batchSize,
    contentSize: () => CONTENT,
    detectPlanes: (planes) => {
      note(1);
      return Promise.resolve().then(() => find({ layout: 'planes', bytes: planes }));
    },
    detectPixels: () => Promise.reject(new Error('there are no pixels')),
    detectFrames: (given) => {
      note(given.length);
      if (noneTogether) return Promise.reject(new Error('not together'));
      return Promise.resolve().then(() => given.map(find));
    },
    close: () => Promise.resolve(),
  };
  const decode = () => Promise.resolve({ path, frameBytes: FRAME_BYTES, frames, skipped: [] });
  const deps = { detector, tools: { decode } as unknown as VideoTools }; // all that such a job uses
  const job = {
    model: { manifest: { labels: ['thing'] } },
    source: { kind: 'video', folder, frames },
    video: { size: { width: 300, height: 300 }, time_base: { num: 1, den: 1000 }, start_time_s: 0 },
    parameters: { conf: 0.25, iou: 0.45, max_det: 10, still },
    failed: frames.flatMap(({ frame }, i) =>
      scenes[i]!.isKnown ? [{ frame, reason: 'known' }] : [],
    ),
    single,
  } as unknown as LaneJob; // all that is read of a job
  const progress: number[] = [];
  const result = await detectJob(
    deps as Parameters<typeof detectJob>[0],
    job,
    (done) => progress.push(done),
    new AbortController().signal,
  );
  expect(readInFlight(folder)).toBeUndefined();
  return { result, inferences, progress, marked };
}

const grey = (...values: number[]): Scene[] => values.map((value) => ({ grey: value }));

describe('frames of a range', () => {
  it('are inferred in batches, the last one smaller, and keep their order', async () => {
    const { result, inferences, progress, marked } = await run(
      grey(0, 20, 40, 60, 80, 100, 120, 140, 160, 180),
      { batchSize: 4 },
    );
    expect(inferences).toEqual([4, 4, 2]);
    expect(marked).toEqual([{ frames: 4 }, { frames: 4 }, { frames: 2 }]);
    expect(result.rows.map(({ frame }) => frame)).toEqual([0, 5, 10, 15, 20, 25, 30, 35, 40, 45]);
    expect(result.rows.map(({ objects }) => objects[0]!.box[1])).toEqual(
      Array.from({ length: 10 }, (_, i) => 20 * i),
    );
    expect(progress).toEqual([0, 0, 0, 4, 4, 4, 4, 8, 8, 8]);
  });

  it('are inferred one by one where the network or the job wants it so', async () => {
    for (const options of [{ batchSize: 1 }, { batchSize: 4, single: true }]) {
      const { inferences, marked } = await run(grey(0, 50, 100), options);
      expect(inferences).toEqual([1, 1, 1]);
      expect(marked).toEqual([{ frame: 0 }, { frame: 5 }, { frame: 10 }]);
    }
  });

  it('are inferred one by one, twice at most, when the network fails on several', async () => {
    const scenes = grey(0, 50, 100, 150).map((each, i) => ({ ...each, fails: i === 2 }));
    const { result, inferences, marked } = await run(scenes, { batchSize: 4 });
    expect(inferences).toEqual([4, 1, 1, 1, 1, 1]);
    expect(marked[3]).toEqual({ frame: 10 });
    expect(result.rows.map(({ frame }) => frame)).toEqual([0, 5, 15]);
    expect(result.skipped).toEqual([{ frame: 10, reason: 'inference failed, twice: no 2' }]);
    expect(result.failed).toEqual([10]);
  });

  it('are all found where it fails on several, and on none alone', async () => {
    const options = { batchSize: 4, noneTogether: true };
    const { result, inferences } = await run(grey(0, 50, 100, 150), options);
    expect([result.rows.length, result.skipped]).toEqual([4, []]);
    expect(inferences).toEqual([4, 1, 1, 1, 1]);
  });

  it('that are known to end its process are not given to it', async () => {
    const scenes = grey(0, 50, 100, 150).map((each, i) => ({ ...each, isKnown: i === 1 }));
    const { result, inferences } = await run(scenes, { batchSize: 3 });
    expect(inferences).toEqual([3]);
    expect(result.skipped).toEqual([{ frame: 5, reason: 'known' }]);
  });
});

describe('still scenes in batches', () => {
  it('wait for the frame that they are compared with, and do not fill a batch', async () => {
    const { result, inferences } = await run(grey(0, 0, 50, 50, 100, 100, 100), {
      batchSize: 2,
      still: 8,
    });
    expect(inferences).toEqual([2, 1]);
    const sources = result.rows.map(({ frame, same_as }) => [frame, same_as]);
    expect(sources).toEqual([
      [0, undefined],
      [5, 0],
      [10, undefined],
      [15, 10],
      [20, undefined],
      [25, 20],
      [30, 20],
    ]);
  });

  it('are decided frame by frame when one fails that others were compared with', async () => {
    const scenes = grey(0, 0, 50, 100).map((each, i) => ({ ...each, fails: i === 0 }));
    const { result, inferences } = await run(scenes, { batchSize: 4, still: 8 });
    expect(inferences).toEqual([3, 1, 1, 1, 1, ...[1, 1, 1, 1, 1]]);
    expect(result.rows.map(({ frame, same_as }) => [frame, same_as])).toEqual([
      [5, undefined],
      [10, undefined],
      [15, undefined],
    ]);
    expect(result.failed).toEqual([0]);
  });

  it('end as they end frame by frame, whatever fails', async () => {
    const scene = fc.record({
      grey: fc.constantFrom(0, 60, 120),
      fails: fc.integer({ min: 0, max: 5 }).map((value) => value === 0),
      isKnown: fc.integer({ min: 0, max: 9 }).map((value) => value === 0),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(scene, { minLength: 1, maxLength: 24 }),
        fc.constantFrom(2, 3, 4, 8),
        fc.constantFrom(undefined, 8),
        async (scenes, batchSize, still) => {
          const given = still === undefined ? {} : { still };
          const { result: expected } = await run(scenes, { batchSize: 1, ...given });
          const { result } = await run(scenes, { batchSize, ...given });
          expect(result).toEqual(expected);
        },
      ),
      { numRuns: 150 },
    );
  });
});
