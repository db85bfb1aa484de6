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
 * Starts the webhook of a job that has ended, if it has one. The webhook is a separate workflow, so that
 * an unavailable receiver does not delay the job.
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

/** Starts the workflow, unless it runs; a job that was reset sends its webhook again. */
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
