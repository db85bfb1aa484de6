import type { Worker, WorkerOptions } from '@temporalio/worker';
import type { Config } from '../config/index.js';
import { waitForAbort } from '../platform/wait-for-abort.js';
import { withDeadline } from '../adapters/deadline.js';
import type { WorkerProcess } from '../runtime/worker-process.js';

/** Time that a worker has to finish its activities before they are cancelled, in milliseconds. */
export const SHUTDOWN_GRACE_MS = 10_000;
/** Time after which a worker that was asked to stop is killed, in milliseconds. */
export const SHUTDOWN_FORCE_MS = 15_000;

/**
 * Options of a worker if several builds run side by side: a job stays with the build on which it
 * started, also when it continues as new. Empty if no build is configured.
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

/** Runs workers until `halt` aborts and they have stopped; if one fails, the others stop too. */
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

/** Settles as `work` does; rejects if it has not settled `ms` milliseconds after `stop` aborted. */
export async function endsAfterStop(
  work: Promise<void>,
  stop: AbortSignal,
  ms: number,
): Promise<void> {
  await Promise.race([work, waitForAbort(stop)]);
  await withDeadline(work, ms, `The worker did not stop within ${ms} ms and is killed.`);
}
