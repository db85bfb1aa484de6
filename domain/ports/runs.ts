import type { RunEnd } from '../job/job-end.js';
import type { JobEnd } from '../job/job-webhook.js';

/** Who works for a task queue. */
export interface WorkerDirectory {
  /** Whether a worker polled this activity queue within the last 60 s. */
  isPolling(taskQueue: string): Promise<boolean>;
}

/** A run of a job that closed without having completed. */
export interface ClosedRun {
  readonly workflowId: string;
  readonly runId: string;
  readonly eventId: string;
  readonly kind: RunEnd['kind'];
}

/** The end of the newest run of a workflow. */
export interface NewestEnd extends RunEnd {
  readonly runId: string;
  /** The run that its job began with. */
  readonly firstRunId: string;
  readonly endedAt: Date;
}

/** What Temporal tells of jobs that ended, also of those that it ended itself. */
export interface ClosedRuns {
  /** Runs that did not complete and closed at this time or later. */
  since(time: Date): AsyncIterable<ClosedRun>;
  /**
   * How the newest run of a workflow ended; undefined while one runs (again), and where the newest
   * completed.
   */
  endOf(workflowId: string): Promise<NewestEnd | undefined>;
}

/** The end of a run that could not tell it itself. */
export interface UnreportedJobEnd extends JobEnd {
  readonly firstRunId: string;
}

/** Webhooks of jobs that Temporal ended without their workflow's having a say. */
export interface JobEndNotifier {
  /**
   * Starts the webhook of a job that was terminated or timed out, once whoever asks and how often;
   * false where there is none, or where it has been started before.
   */
  notify(end: UnreportedJobEnd): Promise<boolean>;
}
