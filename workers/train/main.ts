import { runProcess } from '../../runtime/run-process.js';
import { runWorkers } from '../run-worker.js';
import { startWorker } from '../start-worker.js';
import { createTrainWorker } from './train-worker.js';

/** Starts a worker of the queue `train` alone, for a host that only trains. */
async function main(): Promise<void> {
  const started = await startWorker('train-worker');
  const worker = await createTrainWorker(started);
  await runWorkers([worker], started.watchUntilStopped(), started.process);
  await started.disconnect();
}

await runProcess(main);
