import type { JobRequest } from './job-input.js';
import type { ClosedStatus } from './job-status.js';
import type { NotifyInput } from './webhook.js';

/** The end of a job, as its webhook tells it. */
export interface ToldEnd {
  readonly workflowId: string;
  readonly runId: string;
  readonly status: ClosedStatus;
  readonly error: string | null;
  readonly endedAt: Date;
}

/** What tells the end of a job to whoever asked for it; undefined where nobody did. */
export function notifyInputOf(
  request: JobRequest | undefined,
  { workflowId, runId, status, error, endedAt }: ToldEnd,
): NotifyInput | undefined {
  const url: unknown = request?.webhook?.url; // nobody has checked an input that was refused
  if (typeof url !== 'string') return undefined;
  return {
    ...{ url, status, error, event_id: request?.event_id ?? null, workflow_id: workflowId },
    message_id: `${runId}-${status}`,
    ended_at: endedAt.toISOString(),
  };
}

/**
 * Id of the workflow that tells what a job's own workflow told of its end.
 * @param firstRunId the run that the job began with.
 */
export function webhookIdOf(workflowId: string, firstRunId: string): string {
  return `webhook/${workflowId}/${firstRunId}`;
}
