import {
  type Client,
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdReusePolicy,
} from '@temporalio/client';
import { VIDEO_QUEUE } from '../../domain/job/task-queues.js';
import { SEND_ALERT } from '../../domain/names.js';
import type { AlertSender } from '../../domain/ports/alert-sender.js';
import { callTemporal } from '../../domain/temporal-unavailable.js';
import { alertWorkflowIdOf } from '../../domain/workflow-ids.js';

/** Starts a workflow for each alert, with the same id for the same alert. */
export function createAlertSender(client: Client): AlertSender {
  return {
    send: (input) =>
      callTemporal(client, async () => {
        try {
          await client.workflow.start(SEND_ALERT, {
            ...{ taskQueue: VIDEO_QUEUE, args: [input] },
            workflowId: alertWorkflowIdOf(input.alert.alert_id),
            workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
          });
        } catch (error) {
          if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
        }
      }),
  };
}
