import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { openDetector } from '../models/detector.js';
import { readFrame } from '../models/preprocess/read-image.js';
import type { KnownModel } from '../models/catalogue.js';
import type { LimitTimes } from './limit.js';

/** Task of a process that repeats the prediction of one image. */
export interface PredictTask {
  readonly manifest: KnownModel;
  readonly modelPath: string;
  readonly image: string;
  /** Whether the image is decoded before each inference, or once. */
  readonly decode: boolean;
  readonly seconds: number;
}

const OPTIONS = { conf: 0.25, iou: 0.45, maxDetections: 300 };
const WARM_UP_RUNS = 5;

async function prepare({ manifest, modelPath, image, decode }: PredictTask) {
  sharp.concurrency(1);
  sharp.cache(false);
  const detector = await openDetector({ manifest, modelPath, threads: 1, device: 'cpu' });
  const jpeg = await readFile(image);
  const { width, height } = await sharp(jpeg).metadata();
  const size = { width, height };
  const content = detector.contentSize(size);
  const pixels = await readFrame(jpeg, content);
  const predict = async () => {
    const each = decode ? await readFrame(jpeg, content) : pixels;
    await detector.detect([{ layout: 'pixels', bytes: each }], size, OPTIONS);
  };
  for (let i = 0; i < WARM_UP_RUNS; i++) await predict();
  return predict;
}

async function run(predict: () => Promise<void>, seconds: number): Promise<LimitTimes> {
  const startedAt = Date.now();
  const end = startedAt + 1000 * seconds;
  let frames = 0;
  for (; Date.now() < end; frames++) await predict();
  return { frames, startedAt, endedAt: Date.now() };
}

process.once('message', (task: PredictTask) => {
  void (async () => {
    const predict = await prepare(task);
    process.once('message', () => {
      void run(predict, task.seconds).then((times) => {
        process.send?.(times);
        process.disconnect();
      });
    });
    process.send?.('ready');
  })();
});
