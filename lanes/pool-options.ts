import type { ErrorFacts } from '../domain/errors.js';
import type { Logger } from '../runtime/logger.js';

export interface LanePoolOptions<Job> {
  /** Compiled entry of a lane process. */
  readonly entry: string;
  /** What is put before the command that starts a lane, so that none outlives its worker. */
  readonly wrapper?: readonly string[];
  /** Lanes that serve at once; while one is replaced there is one process more. */
  readonly lanes: number;
  /** Jobs that one lane holds at once: the frames of the next are read while one is detected. */
  readonly jobsPerLane: number;
  /** Silence in milliseconds after which a lane with work counts as hung. */
  readonly timeoutMs: number;
  /** Resident memory in bytes above which a lane is replaced after its jobs; 0 for none. */
  readonly memoryBytes?: number;
  /** Milliseconds that a model keeps its only lane while jobs of another model wait. */
  readonly turnMs?: number;
  /** Milliseconds after which a lane without work is given to another model. */
  readonly idleMs?: number;
  /** Interval in milliseconds between checks for hung, oversized and idle lanes. */
  readonly watchMs?: number;
  /** Facts of a job that a lost lane held, for the error that the job ends with. */
  readonly factsOf: (job: Job) => ErrorFacts;
  readonly logger: Logger;
}

/** How much a pool has to do. */
export interface PoolCounts {
  /** Lanes that have their network loaded. */
  readonly serving: number;
  /** Jobs that lanes hold. */
  readonly held: number;
  /** Jobs for which no lane has room yet. */
  readonly waiting: number;
}
