import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { openDetector } from '../models/detector.js';
import { readFrame } from '../models/preprocess/read-image.js';
import type { KnownModel } from '../models/catalogue.js';
import type { LimitTimes } from './limit.js';

/** What a process beside the API does again and again with one picture. */
export interface PredictTask {
  readonly manifest: KnownModel;
  readonly modelPath: string;
  readonly picture: string;
  /** Whether the picture is decoded each time, before the network sees it, or once. */
  readonly decode: boolean;
  readonly seconds: number;
}

const OPTIONS = { conf: 0.25, iou: 0.45, maxDetections: 300 };
const WARM_UP_RUNS = 5;

async function prepare({ manifest, modelPath, picture, decode }: PredictTask) {
  sharp.concurrency(1);
  sharp.cache(false);
  const detector = await openDetector({ manifest, modelPath, threads: 1, device: 'cpu' });
  const jpeg = await readFile(picture);
  const { width, height } = await sharp(jpeg).metadata();
  const size = { width, height };
  const content = detector.contentSize(size);
  const pixels = await readFrame(jpeg, content);
  const step = async () => {
    const each = decode ? await readFrame(jpeg, content) : pixels;
    await detector.detect([{ layout: 'pixels', bytes: each }], size, OPTIONS);
  };
  for (let i = 0; i < WARM_UP_RUNS; i++) await step();
  return step;
}

async function run(step: () => Promise<void>, seconds: number): Promise<LimitTimes> {
  const began = Date.now();
  const end = began + 1000 * seconds;
  let frames = 0;
  for (; Date.now() < end; frames++) await step();
  return { frames, began, ended: Date.now() };
}

process.once('message', (task: PredictTask) => {
  void (async () => {
    const step = await prepare(task);
    process.once('message', () => {
      void run(step, task.seconds).then((times) => {
        process.send?.(times);
        process.disconnect();
      });
    });
    process.send?.('ready');
  })();
});
