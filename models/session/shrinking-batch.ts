import { messageOf } from '../../domain/errors.js';
import { inferenceFailure } from '../../domain/recovery/recovery.js';

/** Hears of a smaller batch: frames of one inference from now on, and why. */
export type OnSmallerBatch = (size: number, reason: string) => void;

/** Hands out frames in batches. */
export interface Batches {
  /** Frames of one batch at most. */
  readonly size: () => number;
  /** Lets batches have so many frames and no more. */
  readonly limit: (size: number, reason: string) => void;
  /** Works on frames, batch by batch; resolves with what came of each frame, in order. */
  readonly run: <F, T>(
    frames: readonly F[],
    work: (batch: readonly F[]) => Promise<readonly T[]>,
  ) => Promise<T[]>;
}

/**
 * Batches that become half as large, for good, where the memory of the device is too small for
 * them; a single frame for which it is too small is an error.
 */
export function createBatches(most: number, onSmaller: OnSmallerBatch): Batches {
  let size = most;
  const limit = (next: number, reason: string) => {
    size = next;
    onSmaller(size, reason);
  };
  return {
    size: () => size,
    limit,
    run: async (frames, work) => {
      const results = [];
      while (results.length < frames.length) {
        const batch = frames.slice(results.length, results.length + size);
        try {
          results.push(...(await work(batch)));
        } catch (error) {
          const failure = inferenceFailure(batch.length, isOutOfMemory(error));
          if (failure !== 'batchOutOfMemory') throw error;
          limit(
            batch.length >> 1,
            `the memory is too small for ${batch.length}: ${messageOf(error)}`,
          );
        }
      }
      return results;
    },
  };
}

/** As ONNX Runtime, CUDA, cuDNN and the standard library of C++ say it. */
const OUT_OF_MEMORY = /out of memory|fail\w* to allocate|alloc\w*_failed|bad.?alloc/i;

function isOutOfMemory(error: unknown): boolean {
  return OUT_OF_MEMORY.test(messageOf(error));
}
