import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '../domain/errors.js';
import type { LaneResult } from '../domain/ports/lanes.js';
import type { Detector } from '../models/detector.js';
import { createMutex, type Mutex } from '../models/session/mutex.js';
import type { FramePixels } from '../models/session/running-model.js';
import { createFakeVideoTools } from '../test/support/fake-video-tools.js';
import { laneJob } from '../test/support/lane-jobs.js';
import { createMemoryObjectStore } from '../test/support/memory-object-store.js';
import { detectRange } from './detect-range.js';
import { readInFlight } from './in-flight-marker.js';

const CONTENT = { width: 16, height: 16 };
const FRAME_BYTES = 3 * CONTENT.width * CONTENT.height;
const EVERY = 5;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-detect-range-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Content of a frame, and whether the model fails on it. */
interface Scene {
  /** 0 to 255: frames of equal grey show the same. */
  readonly grey: number;
  readonly fails?: boolean;
  /** Whether it is known to fail before the range begins. */
  readonly isKnown?: boolean;
}

interface Run {
  readonly result: LaneResult;
  /** Number of frames of each inference. */
  readonly inferences: readonly number[];
  readonly progress: readonly number[];
  /** Marker of the frames in flight during each inference. */
  readonly marked: readonly unknown[];
}

interface Options {
  readonly batchSize: number;
  readonly still?: number;
  readonly single?: boolean;
  /** Whether each batch fails, whatever its frames. */
  readonly failsBatches?: boolean;
  /** Error of each inference. */
  readonly error?: AppError;
  /** Turns of ranges that run at the same time, each with a folder of its own. */
  readonly lane?: { readonly inTurn: Mutex; readonly folder: string };
  readonly onInference?: () => Promise<void>;
}

/** Frames of a video are not JPEGs. */
const readJpeg = () => Promise.reject(new Error('not a JPEG'));

/** Detects a range of such frames; the first pixel of each frame is its number. */
async function run(scenes: readonly Scene[], options: Options): Promise<Run> {
  const { batchSize, still, single, failsBatches = false, error, onInference } = options;
  const lane = options.lane ?? { inTurn: createMutex(), folder };
  const frames = scenes.map((_, i) => ({ frame: EVERY * i, pts: 10 * i }));
  const bytes = scenes.map(({ grey }, i) => Buffer.alloc(FRAME_BYTES, grey).fill(i, 0, 1));
  const inferences: number[] = [];
  const marked: unknown[] = [];
  const record = (count: number) => {
    inferences.push(count);
    marked.push(readInFlight(lane.folder));
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
    detect: async (given) => {
      record(given.length);
      await onInference?.();
      if (error) throw error;
      if (failsBatches && given.length > 1) throw new Error('no batch');
      return given.map(find);
    },
    close: () => Promise.resolve(),
  };
  const paint = (frame: number) => bytes[frame / EVERY]!;
  const deps = {
    detector,
    inTurn: lane.inTurn,
    tools: createFakeVideoTools(paint),
    objects: createMemoryObjectStore(),
    readJpeg,
  };
  const { model, video, parameters } = laneJob();
  const job = laneJob({
    model: { ...model, manifest: { ...model.manifest, labels: ['thing'] } },
    source: { kind: 'video', path: '', folder: lane.folder, identity: 'pts', seekPts: 0, frames },
    video: { ...video, size: { width: 300, height: 300 }, start_time_s: 0 },
    parameters: { ...parameters, max_det: 10, still: still ?? false },
    failed: frames.flatMap(({ frame }, i) =>
      scenes[i]!.isKnown ? [{ frame, reason: 'known' }] : [],
    ),
    single,
  });
  const progress: number[] = [];
  const result = await detectRange(deps, job, {
    onFrames: (done) => progress.push(done),
    signal: new AbortController().signal,
  });
  expect(readInFlight(lane.folder)).toBeUndefined();
  return { result, inferences, progress, marked };
}

const grey = (...values: number[]): Scene[] => values.map((value) => ({ grey: value }));

describe('detectRange', () => {
  it('infers the ranges of a lane one after another', async () => {
    const inTurn = createMutex();
    const order: string[] = [];
    const detect = async (name: string) => {
      const lane = { inTurn, folder: await mkdtemp(join(folder, 'range-')) };
      const onInference = async () => {
        order.push(name);
        await sleep(5); // the other range could be inferred meanwhile
      };
      return run(grey(0, 60, 120), { batchSize: 1, lane, onInference });
    };
    const ranges = await Promise.all([detect('a'), detect('b')]);
    expect(ranges.map(({ result }) => result.rows.length)).toEqual([3, 3]);
    expect(['aaabbb', 'bbbaaa']).toContain(order.join(''));
  });

  it('infers frames in batches, the last one smaller, and keeps their order', async () => {
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

  it('infers frames one by one if the model or the job requires it', async () => {
    for (const options of [{ batchSize: 1 }, { batchSize: 4, single: true }]) {
      const { inferences, marked } = await run(grey(0, 50, 100), options);
      expect(inferences).toEqual([1, 1, 1]);
      expect(marked).toEqual([{ frame: 0 }, { frame: 5 }, { frame: 10 }]);
    }
  });

  it('infers frames one by one, each at most twice, if the model fails on a batch', async () => {
    const scenes = grey(0, 50, 100, 150).map((each, i) => ({ ...each, fails: i === 2 }));
    const { result, inferences, marked } = await run(scenes, { batchSize: 4 });
    expect(inferences).toEqual([4, 1, 1, 1, 1, 1]);
    expect(marked[3]).toEqual({ frame: 10 });
    expect(result.rows.map(({ frame }) => frame)).toEqual([0, 5, 15]);
    expect(result.skipped).toEqual([{ frame: 10, reason: 'inference failed, twice: no 2' }]);
    expect(result.failed).toEqual([10]);
  });

  it('detects all frames if the model fails on batches only', async () => {
    const options = { batchSize: 4, failsBatches: true };
    const { result, inferences } = await run(grey(0, 50, 100, 150), options);
    expect([result.rows.length, result.skipped]).toEqual([4, []]);
    expect(inferences).toEqual([4, 1, 1, 1, 1]);
  });

  it('skips frames that are known to end the process', async () => {
    const scenes = grey(0, 50, 100, 150).map((each, i) => ({ ...each, isKnown: i === 1 }));
    const { result, inferences } = await run(scenes, { batchSize: 3 });
    expect(inferences).toEqual([3]);
    expect(result.skipped).toEqual([{ frame: 5, reason: 'known' }]);
  });
});

describe('detectRange on a GPU that fails', () => {
  it.each([
    ['GPU_MEMORY_FULL', 4, { frames: 3 }],
    ['GPU_FAILED', 1, { frame: 0 }],
  ] as const)(
    'skips no frame because of %s, and leaves its record',
    async (code, batchSize, at) => {
      const error = new AppError(code, 'no');
      await expect(run(grey(0, 50, 100), { batchSize, error })).rejects.toBe(error);
      expect(readInFlight(folder)).toEqual(at);
    },
  );
});

describe('detectRange with still scenes in batches', () => {
  it('keeps still frames behind the frame they are compared with, outside the batch', async () => {
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

  it('detects the range again frame by frame if others were compared with a failed frame', async () => {
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

  it('gives the result of detection frame by frame, whatever fails', async () => {
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
