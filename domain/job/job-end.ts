import type { JobStatus } from './job-status.js';

/** End of a run that did not complete, as Temporal reports it. */
export interface RunEnd {
  readonly kind: 'terminated' | 'timed_out' | 'cancelled' | 'failed';
  /** Identity that terminated it. */
  readonly by?: string | undefined;
  /** Reason of the termination, or message of the failure. */
  readonly reason?: string | undefined;
}

/** End of a job whose workflow could not close its event. */
export interface JobEnd {
  readonly status: Extract<JobStatus, 'failed' | 'cancelled'>;
  readonly error: string;
}

const CONTINUE = 'Submit it again to continue with the parts that exist.';

/**
 * Returns status and error of a job by the end of its run. A terminated run cannot clean up, so it
 * counts as cancelled.
 */
export function jobEndOf({ kind, by, reason }: RunEnd): JobEnd {
  const who = by ? ` by ${by}` : '';
  const why = reason ? `: ${reason}` : '';
  switch (kind) {
    case 'terminated':
      return { status: 'cancelled', error: `Terminated in Temporal${who}${why}. ${CONTINUE}` };
    case 'timed_out':
      return {
        status: 'failed',
        error: `Not done within the time limit that the workflow was started with. ${CONTINUE}`,
      };
    case 'cancelled':
      return { status: 'cancelled', error: `Cancelled before it was under way. ${CONTINUE}` };
    case 'failed':
      return { status: 'failed', error: reason ?? 'Its workflow failed for an unknown reason.' };
  }
}
