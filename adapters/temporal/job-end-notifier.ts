import {
  type Client,
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdReusePolicy,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/index.js';
import type { JobRequest } from '../../domain/job/job-input.js';
import { notifyInputOf, webhookIdOf } from '../../domain/job/job-webhook.js';
import { NOTIFY_WEBHOOK } from '../../domain/names.js';
import type { JobEndNotifier, UnreportedJobEnd } from '../../domain/ports/runs.js';
import { VIDEO_QUEUE } from '../../domain/job/task-queues.js';

/** Starts webhooks from the inputs of jobs, as Temporal keeps them. */
export function createJobEndNotifier(client: Client): JobEndNotifier {
  return {
    notify: async (end) => {
      const input = notifyInputOf(await requestOf(client, end), end);
      if (!input || (await toldItself(client, end))) return false;
      const { workflowId, runId, status } = end;
      return startOnce(() =>
        client.workflow.start(NOTIFY_WEBHOOK, {
          taskQueue: VIDEO_QUEUE,
          // One id for one end: of all that ask, one starts it.
          workflowId: `${webhookIdOf(workflowId, runId)}/${status}`,
          workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
          args: [input],
        }),
      );
    },
  };
}

/** The input of a run, from the first event of its history; nobody has checked what it holds. */
async function requestOf(
  { workflowService, options }: Client,
  { workflowId, runId }: UnreportedJobEnd,
): Promise<JobRequest | undefined> {
  const { history } = await workflowService.getWorkflowExecutionHistory({
    namespace: options.namespace,
    execution: { workflowId, runId },
    maximumPageSize: 1,
  });
  const started = history?.events?.[0]?.workflowExecutionStartedEventAttributes;
  const payloads = started?.input?.payloads;
  // What cannot be read, for want of a key, names no webhook.
  const given = await decodeArrayFromPayloads(options.loadedDataConverter, payloads).catch(
    () => [],
  );
  return given[0] as JobRequest | undefined;
}

/** Whether the run had started its webhook itself when it was ended. */
async function toldItself(
  client: Client,
  { workflowId, runId, firstRunId }: UnreportedJobEnd,
): Promise<boolean> {
  try {
    const { raw } = await client.workflow.getHandle(webhookIdOf(workflowId, firstRunId)).describe();
    return raw.workflowExecutionInfo?.parentExecution?.runId === runId;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

async function startOnce(start: () => Promise<unknown>): Promise<boolean> {
  try {
    await start();
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}
