import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';

/** Resets a workflow, as the Web UI does, to the end of its first or its last workflow task. */
export async function resetTo(
  client: Client,
  workflowId: string,
  step: 'first' | 'last',
): Promise<{ runId: string }> {
  const handle = client.workflow.getHandle(workflowId);
  const { runId } = await handle.describe();
  const { events } = await handle.fetchHistory();
  const tasks = (events ?? []).filter((event) => event.workflowTaskCompletedEventAttributes);
  const task = step === 'first' ? tasks[0] : tasks.at(-1);
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
