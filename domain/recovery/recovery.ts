/*
 * Recovery of a frame or a range that fails.
 *
 * | failure                            | what happens                               | at most  | then                       |
 * | ---------------------------------- | ------------------------------------------ | -------- | -------------------------- |
 * | a batch throws, or returns NaN     | its frames are inferred one by one         |          |                            |
 * | a frame throws, or returns NaN     | it is inferred again                       | 1 time   | it is skipped              |
 * | a batch runs out of memory         | batches of half the size from then on      | to 1     | as a frame that throws     |
 * | ... and on a GPU                   | its lane ends, as one that crashes         |          |                            |
 * | the GPU fails in an inference      | its lane ends, as one that crashes         |          |                            |
 * | the next lane cannot load the      | Temporal retries the activity              |          |                            |
 * | model on the GPU                   |                                            |          |                            |
 * | still scenes depend on a failed    | the range is detected again frame by frame | 1 time   |                            |
 * | frame of the same batch            |                                            |          |                            |
 * | a lane crashes or hangs at a batch | the range is detected again frame by frame | 1 time   | as at another range        |
 * | a lane crashes or hangs at a frame | the frame is tried alone in a lane         | 2 times  | it is skipped              |
 * | ... and again, with it alone       | it is skipped                              |          |                            |
 * | a lane crashes or hangs at another | after a skipped frame the range is         | 20 times | Temporal retries the       |
 * | range, or before a frame           | detected again                             |          | activity                   |
 * | ... and no frame is skipped yet    | Temporal retries the activity              |          |                            |
 * | the worker stops                   | Temporal gives the activity to another     |          |                            |
 * | the host with the frames is lost   | the range is extracted again               | 19 times | the job fails              |
 * | more frames fail than `max_failed` | the job fails with `FRAMES_FAILED`         |          |                            |
 *
 * The user sees a skipped frame with its reason in `skipped` of the result, and a failed job with its
 * code and message. Everything else only costs time. A skipped frame counts towards `max_failed` if the
 * model failed on it.
 */
import { AppError, hasCode } from '../errors.js';
import { RECOVERY_LIMITS } from './limits.js';

interface Row {
  readonly action: string;
  /** Number of times that the action is taken for one frame or range; without it, always. */
  readonly atMost?: number;
  /** Action after that. */
  readonly otherwise?: string;
}

/** The table above as data; the limits hold for one frame if the failure is that of a frame. */
export const RECOVERY = {
  batchThrows: { action: 'infer-each' },
  frameThrows: {
    action: 'infer-again',
    atMost: RECOVERY_LIMITS.inferencesPerFrame - 1,
    otherwise: 'skip-frame',
  },
  batchOutOfMemory: { action: 'halve-batch' },
  stillScenesUncertain: { action: 'detect-frame-by-frame' },
  laneLostAtBatch: { action: 'detect-frame-by-frame' },
  laneLostAtFrame: {
    action: 'try-frame-alone',
    atMost: RECOVERY_LIMITS.lanesPerFrame - 1,
    otherwise: 'skip-frame',
  },
  laneLostAtFrameAlone: { action: 'skip-frame' },
  laneLostElsewhere: { action: 'hand-back' },
  laneLostElsewhereAfterSkip: {
    action: 'detect-again',
    atMost: RECOVERY_LIMITS.rangeRestarts,
    otherwise: 'hand-back',
  },
  hostLost: {
    action: 'extract-again',
    atMost: RECOVERY_LIMITS.extractionsPerRange - 1,
    otherwise: 'fail',
  },
  other: { action: 'hand-back' },
} as const satisfies Readonly<Record<string, Row>>;

export type Failure = keyof typeof RECOVERY;

type ActionsOf<R extends Row> =
  R['action'] | (R extends { readonly otherwise: infer Last } ? Last : never);
export type Action<F extends Failure = Failure> = F extends Failure
  ? ActionsOf<(typeof RECOVERY)[F]>
  : never;

/** Failures of one frame or range so far, and what to do after the next one. */
export interface Recovery {
  /** @param frame set for a failure of a frame; its limit holds for each frame. */
  next<F extends Failure>(failure: F, frame?: number): Action<F>;
}

/** Starts the history of a frame or a range. Pure: a workflow may use it. */
export function createRecovery(): Recovery {
  const taken = new Map<string, number>();
  return {
    next: <F extends Failure>(failure: F, frame?: number) => {
      const row: Row = RECOVERY[failure];
      const key = `${failure} ${frame ?? ''}`;
      const count = (taken.get(key) ?? 0) + 1;
      taken.set(key, count);
      const isWithinLimit = row.atMost === undefined || count <= row.atMost;
      return (isWithinLimit ? row.action : row.otherwise) as Action<F>;
    },
  };
}

/** Failure of an inference that threw, by its number of frames. */
export function inferenceFailure(frames: number, isOutOfMemory = false) {
  if (frames === 1) return 'frameThrows';
  return isOutOfMemory ? 'batchOutOfMemory' : 'batchThrows';
}

/**
 * Whether an error of an inference ends its lane, as a crash does. After a failure of CUDA every further
 * inference of the process may fail, and a lane without memory must release what it holds. If the GPU is
 * the reason, the next lane cannot load the model, and Temporal retries; if the frame is, it is found.
 */
export function endsLane(error: unknown): boolean {
  return hasCode(error, 'GPU_MEMORY_FULL') || hasCode(error, 'GPU_FAILED');
}

/** State of a range when its detection failed. */
export interface RangeState {
  readonly isFrameByFrame: boolean;
  readonly hasSkipped: boolean;
}

/** A failed detection of a range; `frame` is set if it is a failure of that frame. */
export interface RangeFailure {
  readonly failure: Extract<Failure, `laneLost${string}` | 'other'>;
  readonly frame?: number;
}

/**
 * Classifies the error of a range that was given to a lane. A lost lane adds `how` it ended and, if it
 * was inferring this range, either the `frame` or the number of `frames` to the facts of the error.
 */
export function rangeFailure(error: unknown, state: RangeState): RangeFailure {
  if (!(error instanceof AppError) || error.code !== 'LANE_LOST') return { failure: 'other' };
  const { how, frame, frames } = error.facts;
  if (frames !== undefined && !state.isFrameByFrame) return { failure: 'laneLostAtBatch' };
  if (typeof frame === 'number') return { failure: 'laneLostAtFrame', frame };
  // A job that is refused because the worker stops has no `how`.
  if (how === undefined) return { failure: 'other' };
  return { failure: state.hasSkipped ? 'laneLostElsewhereAfterSkip' : 'laneLostElsewhere' };
}

/** Classifies the error of a frame that was given to a lane alone. */
export function aloneFailure(error: unknown, frame: number): 'laneLostAtFrameAlone' | 'other' {
  const isLost = error instanceof AppError && error.code === 'LANE_LOST';
  return isLost && error.facts['frame'] === frame ? 'laneLostAtFrameAlone' : 'other';
}

/** Reasons of skipped frames, as the user reads them in a result. */
export const SKIP_REASONS = {
  throws: (message: string) => `inference failed, twice: ${message}`,
  endsLane: (how: string) => `inference ended its process, twice (${how})`,
} as const;
