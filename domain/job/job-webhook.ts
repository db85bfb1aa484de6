import type { ClosedStatus } from './job-status.js';
import type { NotifyInput } from './webhook.js';

/** End of a job for its webhook. */
export interface JobEnd {
  readonly workflowId: string;
  readonly runId: string;
  readonly status: ClosedStatus;
  readonly error: string | null;
  readonly endedAt: Date;
}

/** Input of a job, which is unchecked if it was rejected. */
interface UncheckedRequest {
  readonly event_id?: unknown;
  readonly video_id?: unknown;
  readonly webhook?: { readonly url?: unknown };
}

/** Returns the notification of the end of a job; undefined without a webhook. */
export function notifyInputOf(
  request: UncheckedRequest | undefined,
  { workflowId, runId, status, error, endedAt }: JobEnd,
): NotifyInput | undefined {
  const url = textOf(request?.webhook?.url);
  if (url === null) return undefined;
  const event_id = textOf(request?.event_id);
  const video_id = textOf(request?.video_id);
  return {
    ...{ url, status, error, event_id, video_id, workflow_id: workflowId },
    message_id: `${runId}-${status}`,
    ended_at: endedAt.toISOString(),
  };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/**
 * Id of the workflow that notifies the webhook of a job.
 * @param firstRunId the run that the job began with.
 */
export function webhookIdOf(workflowId: string, firstRunId: string): string {
  return `webhook/${workflowId}/${firstRunId}`;
}
