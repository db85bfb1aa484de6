import type { PrunedJobs, PruneRequest } from '../../domain/job/deletion.js';
import { callTemporal } from '../../domain/temporal-unavailable.js';
import type { VidetteClientDeps } from '../deps.js';
import { type ErasedImage, eraseImage, type EraseOptions } from '../erase-image.js';
import { deleteJob, type DeleteJobOptions, type Deletion } from './delete-job.js';
import { deleteVideo } from './delete-video.js';
import {
  prunableImageBatches,
  prunableJobs,
  prunableRescorings,
  prunableRetrainings,
  pruneJobs,
} from './prune-jobs.js';

/** Deletion of what is stored. */
export interface DeletionMethods {
  /**
   * Deletes a job and everything that it stored; a running one is cancelled first. The video is kept.
   * @throws AppError `JOB_NOT_FOUND`.
   */
  deleteJob(eventId: string, options?: DeleteJobOptions): Promise<Deletion>;
  /** Deletes a video. @throws AppError `VIDEO_NOT_FOUND`; `VIDEO_IN_USE` while something uses it. */
  deleteVideo(videoId: string): Promise<void>;
  /**
   * Deletes the jobs that ended longer ago than an age, or only their frames; with the jobs also the
   * rescorings that were started, and the batches of images and retrainings that ended longer ago. What
   * runs is kept, and so are the reports of retrainings that published a version.
   */
  pruneJobs(
    request: PruneRequest,
    options?: { readonly signal?: AbortSignal },
  ): Promise<PrunedJobs>;
  /** Yields the ids of the jobs that {@link pruneJobs} would prune. */
  prunableJobs(request: PruneRequest): AsyncIterable<string>;
  /** Yields the ids of the rescorings that {@link pruneJobs} would remove, unless they run. */
  prunableRescorings(request: PruneRequest): AsyncIterable<string>;
  /** Yields the ids of the batches of images that {@link pruneJobs} would remove, unless they run. */
  prunableImageBatches(request: PruneRequest): AsyncIterable<string>;
  /** Yields the ids of the retrainings that {@link pruneJobs} would remove, unless their model is trained. */
  prunableRetrainings(request: PruneRequest): AsyncIterable<string>;
  /**
   * Erases a kept image, which is never kept again.
   * @throws AppError `IMAGE_NOT_FOUND`; `IMAGE_IN_USE` if data sets use it and it is not forced.
   */
  eraseImage(sha256: string, options?: EraseOptions): Promise<ErasedImage>;
}

/** Creates the methods for deletions on connections that the caller owns. */
export function createDeletionMethods(deps: VidetteClientDeps): DeletionMethods {
  const { temporal } = deps;
  const call = <T>(work: () => Promise<T>) => callTemporal(temporal, work);
  return {
    deleteJob: (eventId, options) => call(() => deleteJob(deps, eventId, options)),
    deleteVideo: (videoId) => call(() => deleteVideo(deps, videoId)),
    pruneJobs: (request, { signal } = {}) => call(() => pruneJobs(deps, request, signal)),
    prunableJobs: (request) => prunableJobs(deps, request),
    prunableRescorings: (request) => prunableRescorings(deps, request),
    prunableImageBatches: (request) => prunableImageBatches(deps, request),
    prunableRetrainings: (request) => prunableRetrainings(deps, request),
    eraseImage: (sha256, options) => call(() => eraseImage(deps, sha256, options)),
  };
}
