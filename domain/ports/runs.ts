import type { RunEnd } from '../job-end.js';

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
}

/** What Temporal tells of jobs that ended, also of those that it ended itself. */
export interface ClosedRuns {
  /** Runs that did not complete and closed at this time or later. */
  since(time: Date): AsyncIterable<ClosedRun>;
  /**
   * The run that a workflow's job began with, and how its newest run ended; undefined while one
   * runs (again), and where the newest completed.
   */
  endOf(workflowId: string): Promise<(RunEnd & { readonly firstRunId: string }) | undefined>;
}
