import type { Client } from '@temporalio/client';
import type { QueueState, TaskQueues } from '../../domain/ports/task-queues.js';
import { callTemporal } from '../../domain/temporal-unavailable.js';

const RECENT_MS = 60_000;
/** `ACTIVITY` in the server's enumeration of task queue types. */
const ACTIVITY_QUEUE = 2;
const NS_PER_S = 1e9;

/** Describes the activity side of task queues. */
export function createTaskQueues(client: Client): TaskQueues {
  return { state: (taskQueue) => callTemporal(client, () => readState(client, taskQueue)) };
}

async function readState(
  { workflowService, options: { namespace } }: Client,
  taskQueue: string,
): Promise<QueueState> {
  const { pollers, stats } = await workflowService.describeTaskQueue({
    namespace,
    taskQueue: { name: taskQueue },
    taskQueueType: ACTIVITY_QUEUE,
    reportStats: true,
  });
  const age = stats?.approximateBacklogAge;
  const recent = (pollers ?? []).filter(({ lastAccessTime }) => {
    const polledMs = Number(lastAccessTime?.seconds ?? 0) * 1000;
    return Date.now() - polledMs < RECENT_MS;
  });
  return {
    waiting: Number(stats?.approximateBacklogCount ?? 0),
    oldestS: Number(age?.seconds ?? 0) + (age?.nanos ?? 0) / NS_PER_S,
    pollers: recent.length,
  };
}
