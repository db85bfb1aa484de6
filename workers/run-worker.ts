import type { NativeConnection, Worker } from '@temporalio/worker';
import type { Logger } from './logger.js';

/** A worker gets this long to finish what it has before its steps are handed back. */
export const SHUTDOWN_GRACE = '10s';

/** Options that every worker of Vidette shares. */
export const sharedOptions = {
  shutdownGraceTime: SHUTDOWN_GRACE,
  shutdownForceTime: '15s',
  // Cancellation reaches an activity with its next heartbeat.
  maxHeartbeatThrottleInterval: '1s',
  defaultHeartbeatThrottleInterval: '1s',
} as const;

/** Runs workers until SIGTERM or SIGINT; when one of them fails, the others end too. */
export async function runWorkers(
  workers: readonly Worker[],
  connection: NativeConnection,
  logger: Logger,
): Promise<void> {
  const stop = (signal: NodeJS.Signals) => {
    logger.info({ signal }, 'worker stops');
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  const runs = workers.map((worker) => worker.run());
  logger.info({ queues: workers.map((worker) => worker.options.taskQueue) }, 'worker ready');
  try {
    await Promise.all(runs);
  } finally {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
    await Promise.allSettled(runs);
    await connection.close();
  }
}
