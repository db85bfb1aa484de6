import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';

/**
 * Resets a workflow, as the Web UI does, to the end of one of its workflow tasks: the first, the
 * last, or the one at a share of them, at least 0 and less than 1.
 */
export async function resetTo(
  client: Client,
  workflowId: string,
  step: 'first' | 'last' | number,
): Promise<{ runId: string }> {
  const handle = client.workflow.getHandle(workflowId);
  const { runId } = await handle.describe();
  const { events } = await handle.fetchHistory();
  const tasks = (events ?? []).filter((event) => event.workflowTaskCompletedEventAttributes);
  const share = step === 'first' ? 0 : step;
  const task = share === 'last' ? tasks.at(-1) : tasks[Math.floor(share * tasks.length)];
  if (!task) throw new Error(`${workflowId} has not begun`);
  const reset = await client.workflowService.resetWorkflowExecution({
    namespace: client.options.namespace,
    workflowExecution: { workflowId, runId },
    workflowTaskFinishEventId: task.eventId,
    reason: 'a test',
    requestId: randomUUID(),
  });
  return { runId: reset.runId };
}
