import {
  type Client,
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdReusePolicy,
} from '@temporalio/client';
import type { JobRequest } from '../../domain/job/job-input.js';
import { notifyInputOf, webhookIdOf } from '../../domain/job/job-webhook.js';
import { VIDEO_QUEUE } from '../../domain/job/task-queues.js';
import { NOTIFY_WEBHOOK } from '../../domain/names.js';
import type { JobEndNotifier, UnreportedJobEnd } from '../../domain/ports/runs.js';
import { readInput } from '../../domain/temporal-payloads.js';
import { callTemporal } from '../../domain/temporal-unavailable.js';
import { describeRun } from '../../domain/temporal-runs.js';

/** Starts webhooks for jobs from their inputs in Temporal's histories. */
export function createJobEndNotifier(client: Client): JobEndNotifier {
  return { notify: (end) => callTemporal(client, () => notify(client, end)) };
}

async function notify(client: Client, end: UnreportedJobEnd): Promise<boolean> {
  const { workflowId, runId, status } = end;
  const request = (await readInput(client, { workflowId, runId })) as JobRequest | undefined;
  const input = notifyInputOf(request, end);
  if (!input || (await hasStartedWebhook(client, end))) return false;
  try {
    await client.workflow.start(NOTIFY_WEBHOOK, {
      taskQueue: VIDEO_QUEUE,
      // One workflow id per end: concurrent callers start one webhook.
      workflowId: `${webhookIdOf(workflowId, runId)}/${status}`,
      workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
      args: [input],
    });
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}

/** Whether the run itself started its webhook before it ended. */
async function hasStartedWebhook(
  client: Client,
  { workflowId, runId, firstRunId }: UnreportedJobEnd,
): Promise<boolean> {
  const webhook = await describeRun(client, webhookIdOf(workflowId, firstRunId));
  return webhook?.raw.workflowExecutionInfo?.parentExecution?.runId === runId;
}
