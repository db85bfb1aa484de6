import { createInterface } from 'node:readline';
import sharp from 'sharp';
import { errorRecordOf } from '../../domain/error-record.js';
import type { TrainingStep } from '../../domain/retrain/training-folder.js';
import { blockOtherLoaders } from '../preprocess/read-image.js';
import { trainHead } from './train-head.js';

/** Minimum time between checkpoints, in milliseconds. */
const CHECKPOINT_MS = 1000;

/** Trains the last layer of a classifier in the working folder, as any trainer does. */
async function main(): Promise<void> {
  sharp.concurrency(1);
  blockOtherLoaders();
  const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  const print = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);
  try {
    await trainHead(process.cwd(), {
      checkpointMs: CHECKPOINT_MS,
      onStep: (step) => void print(step),
      store: async (step: TrainingStep) => {
        print({ ...step, checkpoint: true });
        // The worker answers when it has copied the files.
        await answers.next();
      },
    });
  } catch (error) {
    const { code = 'TRAIN_DIVERGED', message } = errorRecordOf(error);
    print({ error: { code, message } });
    process.exitCode = 1;
  } finally {
    process.stdin.destroy();
  }
}

await main();
