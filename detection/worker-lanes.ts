import type {
  ImageLanes,
  ImagesJob,
  ImagesResult,
  LaneJob,
  LaneResult,
  Lanes,
} from '../domain/ports/lanes.js';
import type { LanePool } from '../lanes/pool.js';

/** Job of a lane of the detect worker: a range of a video, or images. */
export type WorkerJob = LaneJob | ImagesJob;
export type WorkerResult = LaneResult | ImagesResult;

/** Runs ranges and images in the same lanes. */
export function createWorkerLanes(
  pool: Pick<LanePool<WorkerJob, WorkerResult>, 'detect'>,
): Lanes & ImageLanes {
  return {
    // A lane answers a job with the result of its kind.
    detect: (job, options) => pool.detect(job, options) as Promise<LaneResult>,
    predict: (job, options) => pool.detect(job, options) as Promise<ImagesResult>,
  };
}
