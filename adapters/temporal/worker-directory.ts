import type { Client } from '@temporalio/client';
import type { WorkerDirectory } from '../../domain/ports/runs.js';

const RECENT_MS = 60_000;
/** `ACTIVITY` in the server's enumeration of task queue types. */
const ACTIVITY_QUEUE = 2;

/** Asks Temporal who polls a task queue. */
export function createWorkerDirectory(client: Client): WorkerDirectory {
  const { namespace } = client.options;
  return {
    isPolling: async (taskQueue) => {
      const { pollers } = await client.workflowService.describeTaskQueue({
        namespace,
        taskQueue: { name: taskQueue },
        taskQueueType: ACTIVITY_QUEUE,
      });
      return (pollers ?? []).some(({ lastAccessTime }) => {
        const seenMs = Number(lastAccessTime?.seconds ?? 0) * 1000;
        return Date.now() - seenMs < RECENT_MS;
      });
    },
  };
}
