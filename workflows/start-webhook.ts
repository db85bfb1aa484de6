import {
  CancellationScope,
  ParentClosePolicy,
  startChild,
  workflowInfo,
  WorkflowIdReusePolicy,
} from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { JobRequest } from '../domain/job/job-input.js';
import { isClosed, type JobStatus } from '../domain/job/job-status.js';
import { notifyInputOf, webhookIdOf } from '../domain/job/job-webhook.js';
import type { NotifyInput } from '../domain/job/webhook.js';
import { NotifyWebhook } from './notify-webhook.js';

/**
 * Starts the webhook of a job that has ended, if it has one: a workflow of its own, so that a receiver
 * that is away holds up no job.
 */
export async function startWebhook(
  request: JobRequest,
  status: JobStatus,
  error: string | null,
): Promise<void> {
  if (!isClosed(status)) return;
  const { workflowId, firstExecutionRunId: runId } = workflowInfo();
  const end = { workflowId, runId, status, error, endedAt: new Date() };
  const input = notifyInputOf(request, end);
  if (!input) return;
  await CancellationScope.nonCancellable(() => start(input, webhookIdOf(workflowId, runId)));
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
