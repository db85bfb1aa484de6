import type { Client } from '@temporalio/client';
import type { WorkerDirectory } from '../../domain/ports/runs.js';
import { createTaskQueues } from './task-queues.js';

/** Checks with Temporal which task queues are polled. */
export function createWorkerDirectory(client: Client): WorkerDirectory {
  const queues = createTaskQueues(client);
  return { isPolling: async (taskQueue) => (await queues.state(taskQueue)).pollers > 0 };
}
