import { describe, expect, it } from 'vitest';
import { AppError, type ErrorCode } from '../../domain/errors.js';
import { createBatches, openWithinMemory } from './shrinking-batch.js';

const FRAMES = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];

/** Batches on a device with memory for `capacity` frames; records attempts and reports. */
function onDevice(max: number, capacity: number, message: string, isPadded = false) {
  const tried: number[] = [];
  const reports: (readonly [number, string])[] = [];
  const onSmaller = (size: number, reason: string) => reports.push([size, reason]);
  const batches = createBatches({ max, isPadded, onSmaller });
  const work = (batch: readonly number[], slots: number) => {
    tried.push(slots);
    if (slots > capacity) return Promise.reject(new Error(message));
    return Promise.resolve(batch.map((frame) => 10 * frame));
  };
  return { batches, work, tried, reports };
}

const TENFOLD = FRAMES.map((frame) => 10 * frame);

describe('createBatches', () => {
  it('fills all batches except the last', async () => {
    const { batches, work, tried, reports } = onDevice(4, 4, '');
    expect(await batches.run(FRAMES, work)).toEqual(TENFOLD);
    expect([tried, reports]).toEqual([[4, 4, 3], []]);
  });

  it.each([
    'Failed to allocate memory for requested buffer of size 1073741824',
    'CUDA failure 2: out of memory ; GPU=0',
    'CUDNN failure 4: CUDNN_STATUS_ALLOC_FAILED',
    'CUBLAS failure 3: CUBLAS_STATUS_ALLOC_FAILED',
    'std::bad_alloc',
  ])('halves batches permanently on: %s', async (message) => {
    const { batches, work, tried, reports } = onDevice(8, 2, message);
    expect(await batches.run(FRAMES, work)).toEqual(TENFOLD);
    expect(tried).toEqual([8, 4, 2, 2, 2, 2, 2, 1]);
    expect(reports).toEqual([
      [4, `out of memory with 8 frames: ${message}`],
      [2, `out of memory with 4 frames: ${message}`],
    ]);
    expect(batches.size()).toBe(2);
    await batches.run([1, 2, 3], work);
    expect(tried.slice(8)).toEqual([2, 1]);
  });

  it('runs all batches in full if they are padded', async () => {
    const { batches, work, tried, reports } = onDevice(4, 4, '', true);
    expect(await batches.run(FRAMES, work)).toEqual(TENFOLD);
    expect([tried, reports]).toEqual([[4, 4, 4], []]);
  });

  it('halves padded batches, also for a single frame', async () => {
    const { batches, work, tried } = onDevice(8, 2, 'out of memory', true);
    expect(await batches.run([1], work)).toEqual([10]);
    expect(await batches.run([1, 2, 3], work)).toEqual([10, 20, 30]);
    expect(tried).toEqual([8, 4, 2, 2, 2]);
  });

  it('rejects if a single frame does not fit in memory', async () => {
    const { batches, work, tried } = onDevice(4, 0, 'out of memory');
    await expect(batches.run(FRAMES, work)).rejects.toThrow('out of memory');
    expect(tried).toEqual([4, 2, 1]);
  });

  it('rejects other errors immediately', async () => {
    const { batches, work, tried, reports } = onDevice(4, 2, 'the shapes do not fit');
    await expect(batches.run(FRAMES, work)).rejects.toThrow('the shapes do not fit');
    expect([tried, reports, batches.size()]).toEqual([[4], [], 4]);
  });

  it('applies a limit set by the caller', async () => {
    const { batches, work, tried, reports } = onDevice(8, 8, '');
    batches.limit(1, 'because');
    expect(await batches.run([1, 2], work)).toEqual([10, 20]);
    expect([tried, reports]).toEqual([[1, 1], [[1, 'because']]]);
  });
});

describe('openWithinMemory', () => {
  const failure = (code: ErrorCode, frames?: number) =>
    new AppError(code, `no ${frames}`, { ...(frames !== undefined && { frames }) });

  /** Opens a model whose attempts fail with `failures`, one after another. */
  const openOn = (failures: readonly Error[]) => {
    const tried: number[] = [];
    const reports: number[] = [];
    const opened = openWithinMemory(
      8,
      (size) => reports.push(size),
      (batch) => {
        const error = failures[tried.length];
        tried.push(batch);
        return error ? Promise.reject(error) : Promise.resolve(batch);
      },
    );
    return { opened, tried, reports };
  };

  it('opens it again with half the frames until the memory is sufficient', async () => {
    const full = (frames: number) => failure('GPU_MEMORY_FULL', frames);
    const { opened, tried, reports } = openOn([full(8), failure('GPU_FAILED', 4), full(2)]);
    expect(await opened).toBe(1);
    expect([tried, reports]).toEqual([
      [8, 4, 2, 1],
      [4, 2, 1],
    ]);
  });

  it('takes a failure for one of the memory if the memory was full before', async () => {
    const last = failure('GPU_FAILED', 1);
    const { opened } = openOn([failure('GPU_MEMORY_FULL', 2), last]);
    await expect(opened).rejects.toMatchObject({ code: 'GPU_MEMORY_FULL', message: 'no 2' });
    await expect(openOn([last]).opened).rejects.toBe(last);
  });

  it('does not try a smaller batch if the model runs one frame, or could not be loaded', async () => {
    for (const frames of [1, undefined]) {
      const { opened, tried } = openOn([failure('GPU_MEMORY_FULL', frames)]);
      await expect(opened).rejects.toMatchObject({ code: 'GPU_MEMORY_FULL' });
      expect(tried).toEqual([8]);
    }
  });

  it('rejects other errors immediately', async () => {
    const invalid = failure('MODEL_INVALID', 8);
    await expect(openOn([invalid]).opened).rejects.toBe(invalid);
  });
});
