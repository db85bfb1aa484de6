import type { ErrorFacts } from '../domain/errors.js';
import type { LaneMeter } from '../domain/ports/meters.js';
import type { Logger } from '../runtime/logger.js';

export interface LanePoolOptions<Job> {
  /** Compiled entry point of a lane process. */
  readonly entry: string;
  /** Command and arguments put before the command of a lane, so that it ends with its worker. */
  readonly wrapper?: readonly string[];
  /** Environment of lanes; default: that of this process. */
  readonly env?: NodeJS.ProcessEnv;
  /** Niceness of lanes, up to 19 (lowest priority); default: that of this process. */
  readonly niceness?: number;
  /** Number of serving lanes; while a lane is replaced there is one more process. */
  readonly lanes: number;
  /** Maximum number of jobs of one lane: it reads the frames of the next while it infers one. */
  readonly jobsPerLane: number;
  /** Time without a message after which a lane with work counts as hung, in milliseconds. */
  readonly timeoutMs: number;
  /** Resident memory in bytes above which a lane is replaced after its jobs; 0 for none. */
  readonly memoryBytes?: number;
  /** Time that a model keeps its only lane while jobs of another model wait, in milliseconds. */
  readonly turnMs?: number;
  /** Idle time after which another model may replace a lane, in milliseconds. */
  readonly idleMs?: number;
  /** Interval between checks for hung, oversized and idle lanes, in milliseconds. */
  readonly watchMs?: number;
  /** Returns facts about a job that a lost lane held, for the error of the job. */
  readonly factsOf: (job: Job) => ErrorFacts;
  /** Called with the reason if a model could not be loaded and no lane serves. */
  readonly onUnserved?: (error: unknown) => void;
  readonly meter?: LaneMeter;
  readonly logger: Logger;
}

/** Load of a pool. */
export interface PoolCounts {
  /** Number of lanes whose model is loaded. */
  readonly serving: number;
  /** Number of jobs that lanes hold. */
  readonly held: number;
  /** Number of jobs for which no lane has room. */
  readonly waiting: number;
}
