import {
  type Client,
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdReusePolicy,
} from '@temporalio/client';
import { VIDEO_QUEUE } from '../../domain/job/task-queues.js';
import type { MessageInput } from '../../domain/job/webhook.js';
import { NOTIFY_WEBHOOK } from '../../domain/names.js';
import { streamWebhookIdOf } from '../../domain/workflow-ids.js';
import type { StreamNotifier } from '../../domain/ports/stream-notifier.js';
import { callTemporal } from '../../domain/temporal-unavailable.js';

/** Starts a workflow for each notice, with the same id for the same notice. */
export function createStreamNotifier(client: Client): StreamNotifier {
  return {
    notify: ({ url, scenarioUuid, id, message }) => {
      const workflowId = streamWebhookIdOf(scenarioUuid, id);
      const input = { url, message_id: `${scenarioUuid}/${id}`, message };
      return callTemporal(client, () => start(client, workflowId, input));
    },
  };
}

async function start({ workflow }: Client, workflowId: string, input: MessageInput): Promise<void> {
  try {
    await workflow.start(NOTIFY_WEBHOOK, {
      ...{ taskQueue: VIDEO_QUEUE, workflowId, args: [input] },
      workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
