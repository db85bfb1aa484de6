import { describe, expect, it } from 'vitest';
import { createBatches } from './shrinking-batch.js';

const FRAMES = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];

/** Batches on a device whose memory holds so many frames; notes what was tried and told. */
function onDevice(most: number, holds: number, message: string) {
  const tried: number[] = [];
  const told: (readonly [number, string])[] = [];
  const batches = createBatches(most, (size, reason) => told.push([size, reason]));
  const work = (batch: readonly number[]) => {
    tried.push(batch.length);
    if (batch.length > holds) return Promise.reject(new Error(message));
    return Promise.resolve(batch.map((frame) => 10 * frame));
  };
  return { batches, work, tried, told };
}

const TENFOLD = FRAMES.map((frame) => 10 * frame);

describe('batches', () => {
  it('are full but for the last one', async () => {
    const { batches, work, tried, told } = onDevice(4, 4, '');
    expect(await batches.run(FRAMES, work)).toEqual(TENFOLD);
    expect([tried, told]).toEqual([[4, 4, 3], []]);
  });

  it.each([
    'Failed to allocate memory for requested buffer of size 1073741824',
    'CUDA failure 2: out of memory ; GPU=0',
    'CUDNN failure 4: CUDNN_STATUS_ALLOC_FAILED',
    'CUBLAS failure 3: CUBLAS_STATUS_ALLOC_FAILED',
    'std::bad_alloc',
  ])('are halved for good where memory is too small: %s', async (message) => {
    const { batches, work, tried, told } = onDevice(8, 2, message);
    expect(await batches.run(FRAMES, work)).toEqual(TENFOLD);
    expect(tried).toEqual([8, 4, 2, 2, 2, 2, 2, 1]);
    expect(told).toEqual([
      [4, `the memory is too small for 8: ${message}`],
      [2, `the memory is too small for 4: ${message}`],
    ]);
    expect(batches.size()).toBe(2);
    await batches.run([1, 2, 3], work);
    expect(tried.slice(8)).toEqual([2, 1]);
  });

  it('pass on that the memory is too small for one frame', async () => {
    const { batches, work, tried } = onDevice(4, 0, 'out of memory');
    await expect(batches.run(FRAMES, work)).rejects.toThrow('out of memory');
    expect(tried).toEqual([4, 2, 1]);
  });

  it('pass on every other error at once', async () => {
    const { batches, work, tried, told } = onDevice(4, 2, 'the shapes do not fit');
    await expect(batches.run(FRAMES, work)).rejects.toThrow('the shapes do not fit');
    expect([tried, told, batches.size()]).toEqual([[4], [], 4]);
  });

  it('are limited by who knows better', async () => {
    const { batches, work, tried, told } = onDevice(8, 8, '');
    batches.limit(1, 'because');
    expect(await batches.run([1, 2], work)).toEqual([10, 20]);
    expect([tried, told]).toEqual([[1, 1], [[1, 'because']]]);
  });
});
