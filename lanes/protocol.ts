import type { ErrorRecord } from '../domain/error-record.js';
import type { LaneMeasures } from '../domain/ports/meters.js';
import type { LocalModel } from '../domain/ports/model-registry.js';

/** Messages to a lane. They never carry pixels: a lane fetches or decodes its frames itself. */
export type ToLane<Job> =
  /** Loads a model and runs it once; sent once, as the first message. */
  | { readonly type: 'load'; readonly model: LocalModel }
  | { readonly type: 'detect'; readonly id: number; readonly job: Job }
  | { readonly type: 'cancel'; readonly id: number };

/** Messages from a lane. */
export type FromLane<Result> =
  | { readonly type: 'loaded' }
  /** The lane reduces its batches to `size` frames. */
  | { readonly type: 'smaller-batch'; readonly size: number; readonly reason: string }
  /** Sent after each job, and every second while the lane has work. */
  | { readonly type: 'measured'; readonly measures: LaneMeasures }
  | { readonly type: 'load-failed'; readonly error: ErrorRecord }
  /** Sent every second while the lane has work: its event loop is running. */
  | { readonly type: 'alive' }
  | { readonly type: 'frames'; readonly id: number; readonly done: number }
  | { readonly type: 'done'; readonly id: number; readonly result: Result }
  | { readonly type: 'failed'; readonly id: number; readonly error: ErrorRecord }
  /** The lane cannot run another job and must be killed; the error is that of the job `id`. */
  | { readonly type: 'broken'; readonly id: number; readonly error: ErrorRecord };

/** Interval between `alive` messages, in milliseconds. */
export const ALIVE_MS = 1000;
