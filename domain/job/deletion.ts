import { AppError } from '../errors.js';

/** Input of the workflow `DeleteJob`. */
export interface DeleteRequest extends JobRef {
  /** ISO 8601; a job that did not end before this time, or is running again, is kept. */
  readonly ended_before?: string;
}

/** The job of a request. */
export interface JobRef {
  readonly event_id: string;
}

/** Numbers of what a deletion has removed. */
export interface DeletedData {
  readonly objects: number;
  readonly documents: number;
}

/** Result of the workflow `DeleteJob`. */
export interface DeletedJob extends DeletedData {
  readonly event_id: string;
  /** Number of workflow runs that were removed from Temporal. */
  readonly runs: number;
  /** Whether the job was kept because of `ended_before`. */
  readonly kept: boolean;
}

/** Run of a workflow in Temporal. */
export interface RunRef {
  readonly workflow_id: string;
  readonly run_id: string;
}

export interface EndRunsInput extends JobRef {
  /** ISO 8601; jobs that started later are new jobs with the same id and are left running. */
  readonly started_before: string;
  /** Whether runs are terminated, because they did not close after a cancellation. */
  readonly force: boolean;
}

/** Closed runs of a job, and whether others are still running. */
export interface EndedRuns {
  readonly runs: readonly RunRef[];
  readonly running: boolean;
  /** Whether a run was ended from outside so recently that its activities may still write. */
  readonly settling: boolean;
}

export interface DeleteDataInput extends JobRef {
  /** Whether only the stored frames are removed. */
  readonly frames_only?: boolean;
}

export type EndedBeforeInput = Required<DeleteRequest>;

export interface DeleteRunsInput extends JobRef {
  readonly runs: readonly RunRef[];
}

/** Input of the workflow `PruneJobs`. */
export interface PruneRequest {
  /** Age of the end of a job, in seconds, from which it is pruned. */
  readonly older_than_s: number;
  /** Whether only the stored frames of the jobs are removed. */
  readonly frames_only: boolean;
}

/** Result of the workflow `PruneJobs`: numbers of jobs, and of what else was removed with them. */
export interface PrunedJobs {
  readonly pruned: number;
  /** Jobs that were started again before their turn. */
  readonly kept: number;
  /** Jobs that could not be pruned; the next run tries again. */
  readonly failed: number;
  readonly rescorings: number;
  /** Batches of images. */
  readonly image_batches: number;
  readonly retrainings: number;
}

/** Input of the activities that prune rescorings, batches of images and retrainings. */
export interface PruneDataInput {
  /** ISO 8601; what is older and does not run is removed. */
  readonly before: string;
}

/** Number of what one of these activities removed. */
export interface PrunedData {
  readonly pruned: number;
  /** Number of what could not be removed; the next run tries again. */
  readonly failed: number;
}

export interface ListPrunableInput extends Pick<PruneRequest, 'frames_only'> {
  /** ISO 8601; jobs that ended before this time are listed. */
  readonly before: string;
  /** Last id of the previous page. */
  readonly after?: string;
}

/** Error of a job whose id belongs to a job that is being deleted. */
export function jobBeingDeleted(eventId: string): AppError {
  return new AppError(
    'JOB_BEING_DELETED',
    `Job ${eventId} is being deleted. Submit it again when that is done; this takes seconds.`,
    { event_id: eventId },
  );
}
