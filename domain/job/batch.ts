import type { JobRequest } from './job-input.js';
import type { JobStatus } from './job-status.js';

/**
 * Options of all jobs of a batch; the model has a version. The webhook, whose URL may be a secret, is
 * part of the workflow's input only. Batches have no rules for alerts.
 */
export type BatchOptions = Omit<
  JobRequest,
  'video_id' | 'event_id' | 'rerun_of' | 'derived_from' | 'webhook' | 'alerts'
>;

/** A job of a batch. */
export interface BatchJob {
  readonly video_id: string;
  readonly event_id: string;
  readonly rerun_of?: string;
}

/**
 * Document of collection `batches`, `_id` = batch_id: which jobs are in a batch. What became of a job
 * is in its event only.
 */
export interface BatchDocument {
  readonly batch_id: string;
  readonly created_at: Date;
  readonly options: BatchOptions;
  /** 1 (highest) to 5 (lowest); null for the default. */
  readonly priority: number | null;
  readonly jobs: readonly BatchJob[];
  /**
   * Event ids of the jobs that were deleted since the batch was last started by its videos. Those that
   * exist again are counted by their status.
   */
  readonly deleted?: readonly string[];
}

/** Input of the workflow `VideoBatch`. */
export interface BatchRequest {
  readonly batch_id: string;
  /** Whether deleted jobs run again, because the batch was started by its videos, not retried. */
  readonly again?: boolean;
  /** Webhook of all jobs. */
  readonly webhook?: JobRequest['webhook'];
}

/** Part of a batch that one run of its workflow processes. */
export interface BatchSlice extends Pick<BatchDocument, 'options' | 'priority'> {
  /** Number of jobs of the whole batch. */
  readonly total: number;
  /** Index of the first job after the slice. */
  readonly next: number;
  /** Number of jobs of the slice that are ready. */
  readonly ready: number;
  /** Number of jobs of the slice that were deleted. */
  readonly deleted: number;
  /** The others. */
  readonly jobs: readonly BatchJob[];
  /** Whether payloads are encrypted: then nothing of them goes into search attributes. */
  readonly sealed?: boolean;
}

/** Result of the query `progress` of a batch, and of its workflow: ends of the jobs that it ran. */
export interface BatchTally {
  /** Number of jobs of the batch; 0 until it is known. */
  readonly total: number;
  readonly ready: number;
  readonly failed: number;
  readonly cancelled: number;
  /** Jobs that were deleted before, and are not started. */
  readonly deleted: number;
  /** Jobs that ran already; the batch does not wait for them. */
  readonly joined: number;
}

/** Number of jobs of a batch by their status. */
export interface BatchCounts {
  readonly total: number;
  readonly ready: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly running: number;
  /** Jobs that the batch will start. */
  readonly waiting: number;
  /** Jobs that were deleted. */
  readonly deleted: number;
  /** Jobs that were not started before the batch was cancelled. */
  readonly missing: number;
}

/** Number of jobs that one run of the workflow processes, which limits its history. */
export const BATCH_SLICE = 100;

/** Maximum number of jobs of a batch that run at the same time. */
export const BATCH_WINDOW = 4;

/**
 * Counts the jobs of a batch.
 * @param statuses statuses of the jobs that exist, by event id.
 * @param isOpen whether the batch starts further jobs.
 */
export function countJobs(
  batch: Pick<BatchDocument, 'jobs' | 'deleted'>,
  statuses: ReadonlyMap<string, JobStatus>,
  isOpen: boolean,
): BatchCounts {
  const { jobs } = batch;
  const found = jobs.flatMap(({ event_id }) => statuses.get(event_id) ?? []);
  const count = (...wanted: JobStatus[]) => found.filter((each) => wanted.includes(each)).length;
  const deleted = deletedJobs(batch, statuses).length;
  const absent = jobs.length - found.length - deleted;
  return {
    total: jobs.length,
    ready: count('ready'),
    failed: count('failed'),
    cancelled: count('cancelled'),
    running: count('processing', 'predictable'),
    deleted,
    waiting: isOpen ? absent : 0,
    missing: isOpen ? 0 : absent,
  };
}

/**
 * Returns the jobs of a batch that were deleted and do not exist again.
 * @param statuses statuses of the jobs that exist, by event id.
 */
export function deletedJobs<Job extends Pick<BatchJob, 'event_id'>>(
  { jobs, deleted = [] }: { readonly jobs: readonly Job[]; readonly deleted?: readonly string[] },
  statuses: ReadonlyMap<string, JobStatus>,
): readonly Job[] {
  const ids = new Set(deleted);
  return jobs.filter(({ event_id }) => ids.has(event_id) && !statuses.has(event_id));
}

const WORDS = [
  ...(['ready', 'failed', 'cancelled', 'running', 'joined'] as const),
  ...(['waiting', 'missing', 'deleted'] as const),
] as const;

/** @example formatJobCounts({ ready: 31, failed: 2, waiting: 7, … }) // '31 ready, 2 failed, 7 waiting' */
export function formatJobCounts(
  counts: Readonly<Partial<Record<(typeof WORDS)[number], number>>>,
): string {
  const counted = WORDS.map((word) => [counts[word] ?? 0, word] as const);
  return counted
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`)
    .join(', ');
}
