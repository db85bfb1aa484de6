import type { EndedRuns, RunRef } from '../job/deletion.js';
import type { RunEnd } from '../job/job-end.js';
import type { JobEnd } from '../job/job-webhook.js';

/** Finds workers of a task queue. */
export interface WorkerDirectory {
  /** Whether a worker polled this activity queue within the last 60 s. */
  isPolling(taskQueue: string): Promise<boolean>;
}

/** A run of a job that closed without completing. */
export interface ClosedRun {
  readonly workflowId: string;
  readonly runId: string;
  readonly eventId: string;
  readonly kind: RunEnd['kind'];
}

/** The end of the newest run of a workflow. */
export interface NewestEnd extends RunEnd {
  readonly runId: string;
  /** First run of the job. */
  readonly firstRunId: string;
  readonly endedAt: Date;
}

/** Reads from Temporal how jobs ended, including those that Temporal ended itself. */
export interface ClosedRuns {
  /** Runs that did not complete and closed at this time or later. */
  since(time: Date): AsyncIterable<ClosedRun>;
  /**
   * The end of the newest run of a workflow; undefined if it is running or completed.
   */
  endOf(workflowId: string): Promise<NewestEnd | undefined>;
}

/** The end of a run that did not send its own webhook. */
export interface UnreportedJobEnd extends JobEnd {
  readonly firstRunId: string;
}

/** Sends webhooks for jobs that Temporal ended without running their workflow. */
export interface JobEndNotifier {
  /**
   * Starts the webhook of a job that was terminated or timed out, once per end. Returns false if the
   * job has no webhook, or if it was started before.
   */
  notify(end: UnreportedJobEnd): Promise<boolean>;
}

/** The runs of a job in Temporal: of its workflow and of its renders. */
export interface JobRuns {
  /** Requests the cancellation of running runs, or terminates them, and returns the closed ones. */
  end(job: JobToEnd): Promise<EndedRuns>;
  /** Whether a run of the job, or of one of its renders, is running. */
  isRunning(job: WorkflowsOfJob): Promise<boolean>;
  /** Deletes closed runs; resolves when Temporal no longer has them. */
  delete(runs: readonly RunRef[], signal: AbortSignal): Promise<void>;
  /** Whether a deletion of the job is in progress. */
  isBeingDeleted(eventId: string): Promise<boolean>;
  /** Whether a run of a workflow is running. */
  isWorkflowRunning(workflowId: string): Promise<boolean>;
}

/** What the ids of the workflows of a job are derived from. */
export interface WorkflowsOfJob {
  readonly eventId: string;
  /** Workflow id in the job's event; undefined without an event. */
  readonly workflowId: string | undefined;
  /** Ids of the workflows of the reels that show the job, and of its clips. */
  readonly renders: readonly string[];
}

export interface JobToEnd extends WorkflowsOfJob {
  /** Jobs that started at this time or later are excluded. */
  readonly startedBefore: Date;
  /** Whether runs are terminated. */
  readonly force: boolean;
}
