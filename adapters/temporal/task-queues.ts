import type { Client } from '@temporalio/client';
import type { QueueState, TaskQueues } from '../../domain/ports/task-queues.js';

const RECENT_MS = 60_000;
/** `ACTIVITY` in the server's enumeration of task queue types. */
const ACTIVITY_QUEUE = 2;
const NS_PER_S = 1e9;

/** Asks Temporal about the activities of a task queue. */
export function createTaskQueues(client: Client): TaskQueues {
  const { namespace } = client.options;
  return {
    state: async (taskQueue): Promise<QueueState> => {
      const { pollers, stats } = await client.workflowService.describeTaskQueue({
        namespace,
        taskQueue: { name: taskQueue },
        taskQueueType: ACTIVITY_QUEUE,
        reportStats: true,
      });
      const age = stats?.approximateBacklogAge;
      const recent = (pollers ?? []).filter(({ lastAccessTime }) => {
        const seenMs = Number(lastAccessTime?.seconds ?? 0) * 1000;
        return Date.now() - seenMs < RECENT_MS;
      });
      return {
        waiting: Number(stats?.approximateBacklogCount ?? 0),
        oldestS: Number(age?.seconds ?? 0) + (age?.nanos ?? 0) / NS_PER_S,
        pollers: recent.length,
      };
    },
  };
}
