import { describe, expect, it } from 'vitest';
import { AppError } from '../domain/errors.js';
import type { LaneJob, LaneResult, Lanes } from '../domain/ports/lanes.js';
import { detectIsolated } from './isolate-frames.js';

const FRAMES = [0, 5, 10, 15];
const ALLOWANCE = { max_failed: 0.5, sampled_frames: 4 };

const job = {
  source: { kind: 'packed', frames: FRAMES.map((frame) => ({ frame, pts: frame })) },
} as unknown as LaneJob; // all that is read of a job

const framesOf = ({ source }: LaneJob) => source.frames.map(({ frame }) => frame);
const lost = (frame?: number) =>
  new AppError('LANE_LOST', 'gone', { how: 'SIGSEGV', ...(frame !== undefined && { frame }) });

const lostAtSeveral = new AppError('LANE_LOST', 'gone', { how: 'SIGSEGV', frames: 4 });

type End = (
  frame: number,
  alone: boolean,
  call: number,
  single: boolean,
) => Error | false | undefined;

/** Lanes that end as told on the frames of a job that have not failed yet. */
function lanesThat(end: End) {
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
      const result = { rows: frames, skipped: given.failed ?? [], failed };
      return Promise.resolve(result as unknown as LaneResult);
    },
  };
  const signal = new AbortController().signal;
  const run = () => detectIsolated(lanes, job, ALLOWANCE, { signal, onFrames: () => undefined });
  return { run, calls };
}

describe('frames that end lanes', () => {
  it('are tried once alone, and then the range is detected without them', async () => {
    const { run, calls } = lanesThat((frame) => frame === 10 && lost(10));
    expect(await run()).toEqual({
      rows: [0, 5, 15],
      skipped: [{ frame: 10, reason: 'inference ended its process, twice (SIGSEGV)' }],
      failed: [10],
    });
    expect(calls.map(({ alone = false }) => alone)).toEqual([false, true, false]);
    expect(framesOf(calls[1]!)).toEqual([10]);
  });

  it('are found where several are inferred at once', async () => {
    const { run, calls } = lanesThat((frame, alone, _, single) => {
      if (frame !== 10) return undefined;
      return single || alone ? lost(10) : lostAtSeveral;
    });
    expect(await run()).toMatchObject({ rows: [0, 5, 15], failed: [10] });
    expect(calls.map(({ single = false, alone = false }) => [single, alone])).toEqual([
      [false, false],
      [true, false],
      // One frame is no batch, whatever the job says.
      [false, true],
      [true, false],
    ]);
  });

  it('are kept, all of a batch, when they do no harm one by one', async () => {
    const { run, calls } = lanesThat(
      (frame, _, __, single) => frame === 5 && !single && lostAtSeveral,
    );
    expect(await run()).toMatchObject({ rows: FRAMES, skipped: [] });
    expect(calls).toHaveLength(2);
  });

  it('are not looked for again where a lane is lost at several of them one by one', async () => {
    const { run, calls } = lanesThat(() => lostAtSeveral);
    await expect(run()).rejects.toBe(lostAtSeveral);
    expect(calls).toHaveLength(2);
  });

  it('are kept when they do no harm alone: something else ended the lane', async () => {
    const { run, calls } = lanesThat((frame, _, call) => frame === 5 && call === 1 && lost(5));
    expect(await run()).toMatchObject({ rows: FRAMES, skipped: [] });
    expect(calls).toHaveLength(3);
  });

  it('are skipped when they take three lanes in company', async () => {
    const { run, calls } = lanesThat((frame, alone) => frame === 5 && !alone && lost(5));
    expect(await run()).toMatchObject({ rows: [0, 10, 15], failed: [5] });
    expect(calls.filter(({ alone }) => alone)).toHaveLength(2);
  });

  it('are all found, one after another', async () => {
    const { run } = lanesThat((frame) => (frame === 0 || frame === 15) && lost(frame));
    expect(await run()).toMatchObject({ rows: [5, 10], failed: [0, 15] });
  });

  it('are not looked for again when another range ends the lane afterwards', async () => {
    const { run, calls } = lanesThat((frame, _, call) => {
      if (call === 3 || call === 4) return lost();
      return frame === 5 && lost(5);
    });
    expect(await run()).toMatchObject({ rows: [0, 10, 15], failed: [5] });
    expect(calls).toHaveLength(5);
  });

  it.each([
    ['goes on for ever', lost()],
    ['is that the worker stops', new AppError('LANE_LOST', 'ended')],
  ])('are handed back when what ends the lane afterwards %s', async (_, error) => {
    const { run, calls } = lanesThat((frame, _, call) =>
      call > 2 ? error : frame === 5 && lost(5),
    );
    await expect(run()).rejects.toBe(error);
    expect(calls.length).toBeLessThan(30);
  });

  it('fail the job when there are more of them than it may lose', async () => {
    const { run, calls } = lanesThat((frame) => lost(frame));
    await expect(run()).rejects.toMatchObject({ code: 'FRAMES_FAILED', retryable: false });
    await expect(run()).rejects.toThrow(/failed on 3 of 4 .*frame 0: .*may lose 2/);
    expect(calls.length).toBeLessThan(20);
  });
});

describe('other ends', () => {
  it.each([
    ['a lane that was lost at no frame', lost()],
    ['an error of another kind', new AppError('DECODE_FAILED', 'no', { frame: 5 })],
  ])('are handed on: %s', async (_, error) => {
    const { run, calls } = lanesThat((frame) => frame === 5 && error);
    await expect(run()).rejects.toBe(error);
    expect(calls).toHaveLength(1);
  });

  it('are handed on from the try alone', async () => {
    const cancelled = new Error('cancelled');
    const { run } = lanesThat((frame, alone) => frame === 5 && (alone ? cancelled : lost(5)));
    await expect(run()).rejects.toBe(cancelled);
  });
});
