import { describe, expect, it } from 'vitest';
import { AppError } from '../domain/errors.js';
import type { LaneJob, Lanes } from '../domain/ports/lanes.js';
import { laneJob } from '../test/support/lane-jobs.js';
import { detectIsolated } from './isolate-frames.js';

const FRAMES = [0, 5, 10, 15];
const ALLOWANCE = { max_failed: 0.5, sampled_frames: 4 };

const frames = FRAMES.map((frame) => ({ frame, pts: frame }));
const job = laneJob({ source: { kind: 'packed', folder: '', key: '', frames, skipped: [] } });

const framesOf = ({ source }: LaneJob) => source.frames.map(({ frame }) => frame);
const lost = (frame?: number) =>
  new AppError('LANE_LOST', 'gone', { how: 'SIGSEGV', ...(frame !== undefined && { frame }) });

const lostAtBatch = new AppError('LANE_LOST', 'gone', { how: 'SIGSEGV', frames: 4 });

type End = (
  frame: number,
  alone: boolean,
  call: number,
  single: boolean,
) => Error | false | undefined;

/** Creates lanes that call `end` for each frame of a job that has not failed yet. */
function createLanes(end: End) {
  const calls: LaneJob[] = [];
  const lanes: Lanes = {
    detect: (given) => {
      calls.push(given);
      const failed = (given.failed ?? []).map(({ frame }) => frame);
      const frames = framesOf(given).filter((frame) => !failed.includes(frame));
      for (const frame of frames) {
        const error = end(frame, given.alone ?? false, calls.length, given.single ?? false);
        if (error) return Promise.reject(error);
      }
      const rows = frames.map((frame) => ({ frame, timestamp_ms: 0, objects: [] }));
      return Promise.resolve({ rows, skipped: given.failed ?? [], failed });
    },
  };
  const signal = new AbortController().signal;
  const run = async () => {
    const options = { signal, onFrames: () => undefined };
    const { rows, ...result } = await detectIsolated(lanes, job, ALLOWANCE, options);
    return { ...result, rows: rows.map(({ frame }) => frame) };
  };
  return { run, calls };
}

describe('frames that end lanes', () => {
  it('are tried once alone, then skipped', async () => {
    const { run, calls } = createLanes((frame) => frame === 10 && lost(10));
    expect(await run()).toEqual({
      rows: [0, 5, 15],
      skipped: [{ frame: 10, reason: 'inference ended its process, twice (SIGSEGV)' }],
      failed: [10],
    });
    expect(calls.map(({ alone = false }) => alone)).toEqual([false, true, false]);
    expect(framesOf(calls[1]!)).toEqual([10]);
  });

  it('are found in a batch', async () => {
    const { run, calls } = createLanes((frame, alone, _, single) => {
      if (frame !== 10) return undefined;
      return single || alone ? lost(10) : lostAtBatch;
    });
    expect(await run()).toMatchObject({ rows: [0, 5, 15], failed: [10] });
    expect(calls.map(({ single = false, alone = false }) => [single, alone])).toEqual([
      [false, false],
      [true, false],
      // A single frame is not a batch, so `single` is not needed.
      [false, true],
      [true, false],
    ]);
  });

  it('are kept if the batch is harmless frame by frame', async () => {
    const { run, calls } = createLanes(
      (frame, _, __, single) => frame === 5 && !single && lostAtBatch,
    );
    expect(await run()).toMatchObject({ rows: FRAMES, skipped: [] });
    expect(calls).toHaveLength(2);
  });

  it('are not searched for twice if a lane reports a batch although frames go one by one', async () => {
    const { run, calls } = createLanes(() => lostAtBatch);
    await expect(run()).rejects.toBe(lostAtBatch);
    expect(calls).toHaveLength(2);
  });

  it('are kept if they are harmless alone', async () => {
    const { run, calls } = createLanes((frame, _, call) => frame === 5 && call === 1 && lost(5));
    expect(await run()).toMatchObject({ rows: FRAMES, skipped: [] });
    expect(calls).toHaveLength(3);
  });

  it('are skipped if they end three lanes among other frames', async () => {
    const { run, calls } = createLanes((frame, alone) => frame === 5 && !alone && lost(5));
    expect(await run()).toMatchObject({ rows: [0, 10, 15], failed: [5] });
    expect(calls.filter(({ alone }) => alone)).toHaveLength(2);
  });

  it('are found one after another', async () => {
    const { run } = createLanes((frame) => (frame === 0 || frame === 15) && lost(frame));
    expect(await run()).toMatchObject({ rows: [5, 10], failed: [0, 15] });
  });

  it('stay skipped if another range ends the lane afterwards', async () => {
    const { run, calls } = createLanes((frame, _, call) => {
      if (call === 3 || call === 4) return lost();
      return frame === 5 && lost(5);
    });
    expect(await run()).toMatchObject({ rows: [0, 10, 15], failed: [5] });
    expect(calls).toHaveLength(5);
  });

  it.each([
    ['keeps happening', lost()],
    ['is the worker stopping', new AppError('LANE_LOST', 'ended')],
  ])('are handed back if the later loss of the lane %s', async (_, error) => {
    const { run, calls } = createLanes((frame, _, call) =>
      call > 2 ? error : frame === 5 && lost(5),
    );
    await expect(run()).rejects.toBe(error);
    expect(calls.length).toBeLessThan(30);
  });

  it('fail the job if there are more of them than it allows', async () => {
    const { run, calls } = createLanes((frame) => lost(frame));
    await expect(run()).rejects.toMatchObject({ code: 'FRAMES_FAILED', retryable: false });
    await expect(run()).rejects.toThrow(/failed on 3 of 4 .*frame 0: .*the limit is 2/);
    expect(calls.length).toBeLessThan(20);
  });
});

describe('other errors', () => {
  it.each([
    ['a lane lost at no frame', lost()],
    ['an error of another kind', new AppError('DECODE_FAILED', 'no', { frame: 5 })],
  ])('are thrown: %s', async (_, error) => {
    const { run, calls } = createLanes((frame) => frame === 5 && error);
    await expect(run()).rejects.toBe(error);
    expect(calls).toHaveLength(1);
  });

  it('are thrown by the attempt of a frame alone', async () => {
    const cancelled = new Error('cancelled');
    const { run } = createLanes((frame, alone) => frame === 5 && (alone ? cancelled : lost(5)));
    await expect(run()).rejects.toBe(cancelled);
  });
});
