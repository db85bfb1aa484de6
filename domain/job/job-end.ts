import type { JobStatus } from './job-status.js';

/** How a run closed that did not complete, as far as Temporal tells. */
export interface RunEnd {
  readonly kind: 'terminated' | 'timed_out' | 'cancelled' | 'failed';
  /** Who terminated it. */
  readonly by?: string | undefined;
  /** Why it was terminated, or what it failed with. */
  readonly reason?: string | undefined;
}

/** What a job is whose workflow could not close its event itself. */
export interface JobEnd {
  readonly status: Extract<JobStatus, 'failed' | 'cancelled'>;
  readonly error: string;
}

const GO_ON = 'Submit it again to go on with the parts that exist.';

/**
 * Status and error text of a job by the end of its run. To terminate a job is to cancel it without
 * its having a say.
 */
export function jobEndOf({ kind, by, reason }: RunEnd): JobEnd {
  const who = by ? ` by ${by}` : '';
  const why = reason ? `: ${reason}` : '';
  switch (kind) {
    case 'terminated':
      return { status: 'cancelled', error: `Terminated in Temporal${who}${why}. ${GO_ON}` };
    case 'timed_out':
      return {
        status: 'failed',
        error: `Not done within the time limit that the workflow was started with. ${GO_ON}`,
      };
    case 'cancelled':
      return { status: 'cancelled', error: `Cancelled before it was under way. ${GO_ON}` };
    case 'failed':
      return { status: 'failed', error: reason ?? 'Its workflow failed for an unknown reason.' };
  }
}
