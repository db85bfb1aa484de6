import type { Worker } from '@temporalio/worker';
import { runWorkers } from '../run-worker.js';
import type { WorkerProcess } from '../../runtime/worker-process.js';

/** Whether something is available without which a worker must not poll. */
export interface Availability {
  /** Aborts when it becomes unavailable; replaced when it is available again. */
  readonly unavailable: AbortSignal;
  /** Resolves when it is available, or when `stop` aborts. */
  waitUntilAvailable(stop: AbortSignal): Promise<void>;
}

export interface PollOptions {
  readonly createWorker: () => Promise<Worker>;
  readonly required: readonly Availability[];
  readonly stop: AbortSignal;
}

/**
 * Polls until `stop` aborts, but not while something that it requires is unavailable: then the worker
 * finishes its activities, and another one is created when all is available again.
 */
export async function pollWhileAvailable(
  workerProcess: WorkerProcess,
  options: PollOptions,
): Promise<void> {
  const { createWorker, required, stop } = options;
  while (!stop.aborted) {
    for (const each of required) await each.waitUntilAvailable(stop);
    const halt = AbortSignal.any([stop, ...required.map(({ unavailable }) => unavailable)]);
    await runWorkers([await createWorker()], halt, workerProcess);
  }
}
