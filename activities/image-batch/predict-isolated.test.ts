import { describe, expect, it } from 'vitest';
import { AppError } from '../../domain/errors.js';
import type { ImageLanes, ImagesJob } from '../../domain/ports/lanes.js';
import { localModel } from '../../test/support/lane-jobs.js';
import { predictIsolated } from './predict-isolated.js';

const COUNT = 100;
const images = Array.from({ length: COUNT }, (_, number) => ({
  ...{ number, key: `${number}.jpg`, etag: 'e', size: 1 },
}));
const job: ImagesJob = { model: localModel('m'), folder: '', bucket: 'b', images, conf: 0.25 };
const lost = (frame?: number) =>
  new AppError('LANE_LOST', 'gone', { how: 'SIGSEGV', ...(frame !== undefined && { frame }) });

/** Runs with lanes that call `end` for each image of a job. */
async function run(end: (number: number, alone: boolean, call: number) => Error | undefined) {
  const calls: (readonly number[])[] = [];
  const progress: number[] = [];
  const lanes: ImageLanes = {
    predict: (given, { onFrames }) => {
      calls.push(given.images.map(({ number }) => number));
      for (const [index, { number }] of given.images.entries()) {
        const error = end(number, given.alone ?? false, calls.length);
        if (error) return Promise.reject(error);
        onFrames(index + 1);
      }
      const found = given.images.map(({ number }) => ({ error: `image ${number}` }));
      return Promise.resolve({ images: found, fastestMs: 100 + calls.length });
    },
  };
  const signal = new AbortController().signal;
  const onFrames = (done: number) => progress.push(done);
  const result = await predictIsolated(lanes, job, { signal, onFrames });
  const found = result.images.map((each) => ('error' in each ? each.error : ''));
  return { found, fastestMs: result.fastestMs, calls, progress };
}

describe('predictIsolated', () => {
  it('returns the findings of all images in order, a few of them per lane job', async () => {
    const { found, fastestMs, calls, progress } = await run(() => undefined);
    expect(found).toEqual(images.map(({ number }) => `image ${number}`));
    expect(Math.max(...calls.map(({ length }) => length))).toBeLessThan(COUNT);
    expect(progress).toEqual(images.map(({ number }) => number + 1));
    expect(fastestMs).toBe(101);
  });

  it('gives images that crash the lane an error, and predicts the others', async () => {
    const bad = [3, 4, 99];
    const { found, calls } = await run((number) =>
      bad.includes(number) ? lost(number) : undefined,
    );
    for (const { number } of images) {
      const expected = bad.includes(number)
        ? 'inference ended its process, twice (SIGSEGV)'
        : `image ${number}`;
      expect(found[number]).toBe(expected);
    }
    expect(calls.filter((numbers) => numbers.length === 1).flat()).toEqual(
      expect.arrayContaining(bad),
    );
  });

  it('keeps the findings of a suspect that is harmless alone', async () => {
    const { found } = await run((number, alone) =>
      number === 5 && !alone ? lost(number) : undefined,
    );
    expect(found[5]).toBe('image 5');
  });

  it('tries again when the lane is lost because of another job', async () => {
    const { found } = await run((_number, _alone, call) => (call <= 3 ? lost() : undefined));
    expect(found).toHaveLength(COUNT);
    await expect(run(() => lost())).rejects.toThrow('gone');
  });

  it('fails when the worker stops', async () => {
    const stopping = new AppError('LANE_LOST', 'stopping');
    await expect(run(() => stopping)).rejects.toBe(stopping);
  });
});
