import type { Worker } from '@temporalio/worker';
import type { ModelAvailability } from './model-availability.js';
import { runWorkers } from '../run-worker.js';
import type { WorkerProcess } from '../../runtime/worker-process.js';

export interface PollOptions {
  readonly createWorker: () => Promise<Worker>;
  readonly availability: ModelAvailability;
  readonly stop: AbortSignal;
}

/**
 * Polls until `stop` aborts, but not while a model is unavailable: then the worker finishes its
 * activities, and another one is created when the model is available again.
 */
export async function pollWhileModelAvailable(
  workerProcess: WorkerProcess,
  options: PollOptions,
): Promise<void> {
  const { createWorker, availability, stop } = options;
  while (!stop.aborted) {
    const worker = await createWorker();
    await runWorkers([worker], AbortSignal.any([stop, availability.unavailable]), workerProcess);
    await availability.waitUntilAvailable(stop);
  }
}
