import {
  CancellationScope,
  ParentClosePolicy,
  startChild,
  workflowInfo,
  WorkflowIdReusePolicy,
} from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { JobRequest } from '../domain/job-input.js';
import type { JobStatus } from '../domain/job-status.js';
import type { ClosedStatus, NotifyInput } from '../domain/webhook.js';
import { NotifyWebhook } from './notify-webhook.js';

/**
 * Starts the webhook of a job that has ended, if it has one: a workflow of its own, so that a receiver
 * that is away holds up no job.
 */
export async function announce(
  request: JobRequest,
  status: JobStatus,
  error: string | null,
): Promise<void> {
  const url: unknown = request?.webhook?.url; // nobody has checked an input that was refused
  if (typeof url !== 'string' || !isEnd(status)) return;
  const { workflowId, firstExecutionRunId: runId } = workflowInfo();
  const input: NotifyInput = {
    ...{ url, status, error, event_id: request.event_id ?? null, workflow_id: workflowId },
    message_id: `${runId}-${status}`,
    ended_at: new Date().toISOString(),
  };
  await CancellationScope.nonCancellable(() => start(input, `webhook/${workflowId}/${runId}`));
}

function isEnd(status: JobStatus): status is ClosedStatus {
  return status === 'ready' || status === 'failed' || status === 'cancelled';
}

/** A job that was reset to before its end tells it again, unless the first message is on its way. */
async function start(input: NotifyInput, workflowId: string): Promise<void> {
  try {
    await startChild(NotifyWebhook, {
      workflowId,
      args: [input],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
