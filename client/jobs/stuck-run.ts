import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import type { JobError } from '../types.js';

/** Attempts of one workflow task that fail before a run counts as stuck; a restart fails one. */
const ATTEMPTS_MIN = 4;
/** Number of newest events in which the failure of the first attempt is recorded. */
const EVENTS = 20;

/** Finds the reason why a run's workflow task fails again and again; undefined if it does not. */
export async function findStuckError(
  temporal: Client,
  run: WorkflowExecutionDescription,
): Promise<JobError | undefined> {
  if ((run.raw.pendingWorkflowTask?.attempt ?? 0) < ATTEMPTS_MIN) return undefined;
  const reason = await findTaskFailure(temporal, run);
  if (reason === undefined) return undefined;
  const message =
    `Temporal cannot continue this job: ${reason}. ` +
    'Check that all workers run the same version; otherwise terminate its workflow in Temporal and submit the video again.';
  return { code: 'JOB_STUCK', message };
}

async function findTaskFailure(
  { workflowService, options }: Client,
  { workflowId, runId }: WorkflowExecutionDescription,
): Promise<string | undefined> {
  const { history } = await workflowService.getWorkflowExecutionHistoryReverse({
    namespace: options.namespace,
    execution: { workflowId, runId },
    maximumPageSize: EVENTS,
  });
  const newest = history?.events?.find(
    (event) =>
      event.workflowTaskFailedEventAttributes ?? event.workflowTaskCompletedEventAttributes,
  );
  const failed = newest?.workflowTaskFailedEventAttributes;
  return failed?.failure?.message?.replace(/\.+$/, '');
}
