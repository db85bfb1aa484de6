import type { ImageJob, ImageResult } from '../images/image-job.js';
import { LanePool } from '../../lanes/pool.js';
import type { LanePoolOptions } from '../../lanes/pool-options.js';

/**
 * Low priority: the lanes that answer requests run first. On a busy machine it has about a tenth of the
 * time of another process, at 19 a seventieth, with which it could not load a model.
 */
const NICENESS = 10;
/** Times that the limit of a lane is longer: one of low priority may wait for a processor. */
const PATIENCE = 5;
/** A lane that has no image for this time is replaced by that of another challenger. */
const TIMES = { turnMs: 2000, idleMs: 500 } as const;

/** Lane of challengers in the shadow, a process that exists while it is needed. */
export interface ShadowLane {
  /** Runs a challenger on an image. @throws AppError if it crashes or hangs, or cannot be loaded. */
  predict(job: ImageJob, signal: AbortSignal): Promise<ImageResult>;
  /** Ends the process; the next image starts another one. */
  end(): Promise<void>;
}

type LaneStart = Pick<
  LanePoolOptions<ImageJob>,
  'entry' | 'wrapper' | 'env' | 'timeoutMs' | 'logger'
>;

/**
 * Creates the lane of challengers. It is apart from the lanes that answer requests, so that a challenger
 * neither takes one of them nor delays them by crashing or hanging.
 */
export function createShadowLane(start: LaneStart): ShadowLane {
  let pool: LanePool<ImageJob, ImageResult> | undefined;
  const open = () =>
    new LanePool<ImageJob, ImageResult>({
      ...{ ...start, ...TIMES, niceness: NICENESS, lanes: 1, jobsPerLane: 1 },
      timeoutMs: start.timeoutMs * PATIENCE,
      factsOf: () => ({ held: true }),
    });
  return {
    predict: (job, signal) => {
      pool ??= open();
      return pool.detect(job, { signal, onFrames: () => undefined });
    },
    end: async () => {
      const ended = pool;
      pool = undefined;
      await ended?.close();
    },
  };
}
