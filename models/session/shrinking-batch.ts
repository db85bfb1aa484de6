import { AppError, messageOf } from '../../domain/errors.js';
import { endsLane, inferenceFailure } from '../../domain/recovery/recovery.js';
import { isOutOfMemory } from './out-of-memory.js';

/** Called with the new maximum number of frames per inference and the reason for it. */
export type OnSmallerBatch = (size: number, reason: string) => void;

/** Splits frames into batches. */
export interface Batches {
  /** Current maximum number of frames per batch. */
  readonly size: () => number;
  /** Reduces the maximum number of frames per batch. */
  readonly limit: (size: number, reason: string) => void;
  /**
   * Processes frames batch by batch; resolves with the result of each frame, in order. `slots` is the
   * number of frames of the inference, which a padded batch does not fill.
   */
  readonly run: <F, T>(
    frames: readonly F[],
    work: (batch: readonly F[], slots: number) => Promise<readonly T[]>,
  ) => Promise<T[]>;
}

export interface BatchSizes {
  /** Maximum number of frames per batch. */
  readonly max: number;
  /** Whether a batch of fewer frames is padded to the full size. */
  readonly isPadded: boolean;
  readonly onSmaller: OnSmallerBatch;
}

/**
 * Creates batches that are halved permanently when the device runs out of memory. Running out of
 * memory for a single frame is an error.
 */
export function createBatches({ max, isPadded, onSmaller }: BatchSizes): Batches {
  let size = max;
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
        const slots = isPadded ? size : batch.length;
        try {
          results.push(...(await work(batch, slots)));
        } catch (error) {
          const failure = inferenceFailure(slots, isOutOfMemory(messageOf(error)));
          if (failure !== 'batchOutOfMemory') throw error;
          limit(slots >> 1, `out of memory with ${slots} frames: ${messageOf(error)}`);
        }
      }
      return results;
    },
  };
}

/**
 * Opens a model with the largest batch for which the GPU has memory. A session that ran out of memory
 * keeps what it has allocated, so one with half as many frames is opened in its place.
 * @param open opens a model with this maximum number of frames and runs it once.
 * @throws the error of `open`; that of the memory if a later attempt failed because of it.
 */
export async function openWithinMemory<T>(
  max: number,
  onSmaller: OnSmallerBatch,
  open: (batch: number) => Promise<T>,
): Promise<T> {
  let full: AppError | undefined;
  for (let batch = max; ;) {
    try {
      return await open(batch);
    } catch (error) {
      if (!(error instanceof AppError) || !endsLane(error)) throw error;
      if (error.code === 'GPU_MEMORY_FULL') full = error;
      const frames = Number(error.facts['frames'] ?? 1);
      if (frames === 1) throw full ?? error;
      batch = frames >> 1;
      onSmaller(batch, `failed with ${frames} frames: ${error.message}`);
    }
  }
}
