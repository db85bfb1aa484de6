import { describe, expect, it } from 'vitest';
import { AppError } from '../domain/errors.js';
import type { LaneJob, LaneResult, Lanes } from '../domain/ports.js';
import { detectIsolated } from './isolate-frames.js';

const FRAMES = [0, 5, 10, 15];
const ALLOWANCE = { max_failed: 0.5, sampled_frames: 4 };

const job = {
  source: { kind: 'packed', frames: FRAMES.map((frame) => ({ frame, pts: frame })) },
} as unknown as LaneJob; // all that is read of a job

const framesOf = ({ source }: LaneJob) => source.frames.map(({ frame }) => frame);
const lost = (frame?: number) =>
  new AppError('LANE_LOST', 'gone', { how: 'SIGSEGV', ...(frame !== undefined && { frame }) });

/** Lanes that end as told on the frames of a job that have not failed yet. */
function lanesThat(end: (frame: number, alone: boolean, call: number) => unknown) {
  const calls: LaneJob[] = [];
  const lanes: Lanes = {
    detect: (given) => {
      calls.push(given);
      const failed = (given.failed ?? []).map(({ frame }) => frame);
      const frames = framesOf(given).filter((frame) => !failed.includes(frame));
      for (const frame of frames) {
        const error = end(frame, given.alone ?? false, calls.length);
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
