import { fileURLToPath } from 'node:url';
import type { Config } from '../../config/index.js';
import { environmentWithoutSecrets } from '../../config/secrets.js';
import { AppError, hasCode } from '../../domain/errors.js';
import type { LaneMeter } from '../../domain/ports/meters.js';
import type { LocalModel } from '../../domain/ports/model-registry.js';
import type { PoolCounts } from '../../lanes/pool-options.js';
import { LanePool } from '../../lanes/pool.js';
import type { Logger } from '../../runtime/logger.js';
import { ProblemError } from '../http/problem.js';
import type { ImageJob, ImageResult } from './image-job.js';

/** Compiled entry point of a lane of the API. */
export const LANE = fileURLToPath(new URL('./image-lane.js', import.meta.url));
/**
 * Images per lane: while one is inferred, the next ones are read and decoded. Inference blocks the
 * event loop, so each of their stages (message, header, pixels) waits for the end of one inference.
 */
const JOBS_PER_LANE = 4;
/** Maximum number of waiting images; further ones are rejected. */
const WAITING_MAX = 256;
/** Clients wait for the next model, so a model keeps its last lane for a shorter time. */
const TIMES = { turnMs: 2000, idleMs: 500 } as const;

/** Inference processes of the API. */
export interface ImageLanes {
  readonly counts: PoolCounts;
  /** Resident memory of all lanes in bytes. */
  readonly residentBytes: number;
  /**
   * Runs a model on an image; if the lane is lost, tries once more with the image alone in a lane.
   * @throws AppError or ProblemError with the reason.
   */
  predict(job: ImageJob, signal: AbortSignal): Promise<ImageResult>;
  /** Loads a model in every lane. */
  load(model: LocalModel): Promise<void>;
  /**
   * Loads the next version of a model: in a lane if the current one has one, else like `check`.
   * Rejects if that fails.
   */
  prepare(next: LocalModel, current: LocalModel): Promise<void>;
  /** Loads a model, which runs it once, in a process of its own. Rejects if that fails. */
  check(model: LocalModel): Promise<void>;
  close(): Promise<void>;
}

/** Start of a lane. */
interface LaneStart {
  /** Compiled entry point of its process. */
  readonly entry?: string;
  /** Command prefix that ends the process with the API. */
  readonly wrapper?: readonly string[];
  /** Counts what happens in the lanes; not in the processes of `check`. */
  readonly meter?: LaneMeter;
}

export function createImageLanes(
  { images: { lanes }, laneTimeoutMs: timeoutMs }: Pick<Config, 'images' | 'laneTimeoutMs'>,
  logger: Logger,
  { wrapper = [], entry = LANE, meter }: LaneStart = {},
): ImageLanes {
  const createPool = (count: number, poolMeter?: LaneMeter) =>
    new LanePool<ImageJob, ImageResult>({
      env: environmentWithoutSecrets(),
      ...{ entry, wrapper, lanes: count, jobsPerLane: JOBS_PER_LANE, timeoutMs, ...TIMES, logger },
      factsOf: () => ({ held: true }),
      ...(poolMeter && { meter: poolMeter }),
    });
  const pool = createPool(lanes, meter);
  const check = async (model: LocalModel) => {
    const trial = createPool(1);
    try {
      await trial.load(model);
    } catch (error) {
      throw hasCode(error, 'LANE_LOST') ? crashedAtLoad(model, error) : error;
    } finally {
      await trial.close();
    }
  };
  const predict = (job: ImageJob, signal: AbortSignal) =>
    pool.detect(job, { signal, onFrames: () => undefined });
  return {
    get counts() {
      return pool.counts;
    },
    get residentBytes() {
      return pool.residentBytes;
    },
    predict: async (job, signal) => {
      if (pool.counts.waiting >= WAITING_MAX) throw queueFull(pool.counts.waiting);
      try {
        return await predict(job, signal);
      } catch (error) {
        if (!isLaneLost(error)) throw error;
      }
      try {
        return await predict({ ...job, alone: true }, signal);
      } catch (error) {
        throw isLaneLost(error) ? modelCrashed(job, error) : error;
      }
    },
    load: (model) => pool.load(model),
    prepare: async (next, current) => {
      if (!(await pool.prepare(next, current))) await check(next);
    },
    check,
    close: () => pool.close(),
  };
}

/** Whether the lane was lost while it held the image, not while it was loading or closing. */
function isLaneLost(error: unknown): error is AppError {
  return hasCode(error, 'LANE_LOST') && error instanceof AppError && error.facts.held === true;
}

function modelCrashed({ model }: ImageJob, { facts }: AppError): ProblemError {
  const { name, version } = model.manifest;
  return new ProblemError(
    'image-failed',
    `Model ${name}@${version} crashed on it twice, the second time with the image alone (${facts.how}); re-encode the image, or use another model`,
  );
}

function crashedAtLoad({ manifest: { name, version } }: LocalModel, cause: unknown): AppError {
  const problem = `Model ${name}@${version} cannot run: it crashed or hung while it was loaded.`;
  return new AppError('MODEL_INVALID', problem, { model: name }, { cause });
}

function queueFull(waiting: number): ProblemError {
  return new ProblemError(
    'too-many-requests',
    `${waiting} images are waiting already. Retry in a few seconds, or give the API more lanes (VIDETTE_API_LANES).`,
  );
}
