import { setTimeout as sleep } from 'node:timers/promises';
import type { Worker, WorkerOptions } from '@temporalio/worker';
import type { Config } from '../config/index.js';
import type { WorkerProcess } from '../runtime/worker-process.js';

/** A worker gets this long to finish what it has before its steps are handed back. */
export const SHUTDOWN_GRACE_MS = 10_000;
/** A worker that has not ended so long after it was told to is ended by force. */
export const SHUTDOWN_FORCE_MS = 15_000;

/** Options that every worker of Vidette shares. */
export const sharedOptions = {
  // Cancellation reaches an activity with its next heartbeat.
  maxHeartbeatThrottleInterval: '1s',
  defaultHeartbeatThrottleInterval: '1s',
} as const;

/**
 * Options of a worker whose build is one of several that run side by side: a job stays, over
 * continuing as new too, with the build that it began on. Empty where no build is configured.
 */
export function versionOptions({
  deployment,
}: Config['temporal']): Pick<WorkerOptions, 'workerDeploymentOptions'> {
  if (!deployment) return {};
  const { name: deploymentName, buildId } = deployment;
  return {
    workerDeploymentOptions: {
      version: { deploymentName, buildId },
      useWorkerVersioning: true,
      defaultVersioningBehavior: 'PINNED',
    },
  };
}

/** Aborted by SIGTERM or SIGINT, which end the process at once before this is called. */
export function stopOnSignal({ logger, readiness }: WorkerProcess): AbortSignal {
  const stopping = new AbortController();
  const stop = (signal: NodeJS.Signals) => {
    logger.info({ signal }, 'worker stops');
    readiness.notReady('it is stopping');
    stopping.abort();
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  return stopping.signal;
}

/** Runs workers until `halt` aborts and they have ended; when one fails, the others end too. */
export async function runWorkers(
  workers: readonly Worker[],
  halt: AbortSignal,
  { logger, readiness }: WorkerProcess,
): Promise<void> {
  const shutdown = () => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  const runs = workers.map((worker) => worker.run());
  halt.addEventListener('abort', shutdown, { once: true });
  if (halt.aborted) shutdown();
  else readiness.ready();
  logger.info({ queues: workers.map((worker) => worker.options.taskQueue) }, 'worker ready');
  try {
    await Promise.all(runs);
  } finally {
    halt.removeEventListener('abort', shutdown);
    shutdown();
    await Promise.allSettled(runs);
  }
}

/** Resolves with `work`; rejects when it has not ended `ms` milliseconds after `stop` aborted. */
export async function endsAfterStop(
  work: Promise<void>,
  stop: AbortSignal,
  ms: number,
): Promise<void> {
  const forced = new Promise<never>((_, reject) => {
    const wait = async () => {
      await sleep(ms, undefined, { ref: false });
      reject(new Error(`The worker did not end within ${ms} ms and is ended by force.`));
    };
    stop.addEventListener('abort', () => void wait(), { once: true });
  });
  await Promise.race([work, forced]);
}
