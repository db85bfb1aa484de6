/** The five words for the state of a job, in the order in which a job passes through them. */
export const JOB_STATUSES = ['processing', 'predictable', 'ready', 'failed', 'cancelled'] as const;

/** `processing` -> `predictable` (all frames detected) -> `ready`, or `failed`, or `cancelled`. */
export type JobStatus = (typeof JOB_STATUSES)[number];

/** The statuses of a job that has ended. */
export type ClosedStatus = Extract<JobStatus, 'ready' | 'failed' | 'cancelled'>;

/** Whether nothing more will happen to a job in this status. */
export function isClosed(status: JobStatus): status is ClosedStatus {
  return status === 'ready' || status === 'failed' || status === 'cancelled';
}
