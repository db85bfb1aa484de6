import type { Worker } from '@temporalio/worker';
import type { ModelAvailability } from './model-availability.js';
import { runWorkers } from '../run-worker.js';
import type { WorkerProcess } from '../../runtime/worker-process.js';

export interface PollOptions {
  readonly createWorker: () => Promise<Worker>;
  readonly gate: ModelAvailability;
  readonly stop: AbortSignal;
}

/**
 * Polls with one worker after another until `stop` aborts: when the gate closes, a worker takes
 * nothing more and finishes what it has, and the next one begins when the gate is open again.
 */
export async function pollWhileModelAvailable(
  own: WorkerProcess,
  options: PollOptions,
): Promise<void> {
  const { createWorker, gate, stop } = options;
  while (!stop.aborted) {
    const worker = await createWorker();
    await runWorkers([worker], AbortSignal.any([stop, gate.unavailable]), own);
    await gate.waitUntilAvailable(stop);
  }
}
