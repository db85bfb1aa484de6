import type { ErrorCode, ErrorFacts } from '../domain/errors.js';
import type { LocalModel } from '../domain/ports/model-registry.js';

/** To a lane. Only control messages: a lane fetches or decodes its frames itself. */
export type ToLane<Job> =
  /** The first message, and the only one of its kind: loads a network and runs it once. */
  | { readonly type: 'load'; readonly model: LocalModel }
  | { readonly type: 'detect'; readonly id: number; readonly job: Job }
  | { readonly type: 'cancel'; readonly id: number };

/** From a lane. */
export type FromLane<Result> =
  | { readonly type: 'loaded' }
  /** It gives fewer frames to one inference than it was told to. */
  | { readonly type: 'smaller-batch'; readonly size: number; readonly reason: string }
  /** Its network cannot be loaded. */
  | { readonly type: 'unloadable'; readonly error: LaneFailure }
  /** Sent each second while it has work: its event loop is alive. */
  | { readonly type: 'alive' }
  | { readonly type: 'frames'; readonly id: number; readonly done: number }
  | { readonly type: 'done'; readonly id: number; readonly result: Result }
  | { readonly type: 'failed'; readonly id: number; readonly error: LaneFailure };

export interface LaneFailure {
  readonly code: ErrorCode | undefined;
  readonly message: string;
  readonly facts: ErrorFacts;
}

export const ALIVE_MS = 1000;
