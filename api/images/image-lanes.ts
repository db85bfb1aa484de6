import { fileURLToPath } from 'node:url';
import type { Config } from '../../config/index.js';
import { AppError, hasCode } from '../../domain/errors.js';
import type { LocalModel } from '../../domain/ports/model-registry.js';
import type { PoolCounts } from '../../lanes/pool-options.js';
import { LanePool } from '../../lanes/pool.js';
import type { Logger } from '../../runtime/logger.js';
import { ProblemError } from '../http/problem.js';
import type { ImageJob, ImageResult } from './image-job.js';

const LANE = fileURLToPath(new URL('./image-lane.js', import.meta.url));
/**
 * While the network sees one picture, the next ones are read and decoded: its run holds the event loop,
 * so that each of their steps (message, header, pixels) waits for the end of one run.
 */
const JOBS_PER_LANE = 4;
/** More pictures do not wait: whoever sends them is told to come again. */
const WAITING_MAX = 256;
/** Another model is waited for by people, so a model keeps its last lane for a shorter time. */
const TIMES = { turnMs: 2000, idleMs: 500 } as const;

/** The API's own detection processes. */
export interface ImageLanes {
  readonly counts: PoolCounts;
  /**
   * Looks at a picture; one at which a lane is lost is tried once more, alone in a lane.
   * @throws AppError or ProblemError that says what is wrong with it.
   */
  predict(job: ImageJob, signal: AbortSignal): Promise<ImageResult>;
  /** Gives every lane to this model, before anybody asks. */
  load(model: LocalModel): Promise<void>;
  close(): Promise<void>;
}

/** How a lane is started. */
interface LaneStart {
  /** Compiled entry of its process. */
  readonly entry?: string;
  /** What is put before its command, so that it does not outlive the API. */
  readonly wrapper?: readonly string[];
}

export function createImageLanes(
  { images: { lanes }, laneTimeoutMs: timeoutMs }: Pick<Config, 'images' | 'laneTimeoutMs'>,
  logger: Logger,
  { wrapper = [], entry = LANE }: LaneStart = {},
): ImageLanes {
  const pool = new LanePool<ImageJob, ImageResult>({
    ...{ entry, wrapper, lanes, jobsPerLane: JOBS_PER_LANE, timeoutMs, ...TIMES, logger },
    factsOf: () => ({ held: true }),
  });
  const look = (job: ImageJob, signal: AbortSignal) =>
    pool.detect(job, { signal, onFrames: () => undefined });
  return {
    get counts() {
      return pool.counts;
    },
    predict: async (job, signal) => {
      if (pool.counts.waiting >= WAITING_MAX) throw queueFull(pool.counts.waiting);
      try {
        return await look(job, signal);
      } catch (error) {
        if (!isLaneLost(error)) throw error;
      }
      try {
        return await look({ ...job, alone: true }, signal);
      } catch (error) {
        throw isLaneLost(error) ? modelCrashed(job, error) : error;
      }
    },
    load: (model) => pool.load(model),
    close: () => pool.close(),
  };
}

/** Whether a lane was lost while it held the picture, and not while it was loaded or closed. */
function isLaneLost(error: unknown): error is AppError {
  return hasCode(error, 'LANE_LOST') && error instanceof AppError && error.facts.held === true;
}

function modelCrashed({ model }: ImageJob, { facts }: AppError): ProblemError {
  const { name, version } = model.manifest;
  return new ProblemError(
    'picture-failed',
    `Model ${name}@${version} ended twice at work on it, the second time alone (${facts.how}); try another file of it, or another model`,
  );
}

function queueFull(waiting: number): ProblemError {
  return new ProblemError(
    'too-many-requests',
    `${waiting} pictures wait already. Send this one again in some seconds, or give the API more lanes (VIDETTE_API_LANES).`,
  );
}
