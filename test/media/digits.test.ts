import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readConfig } from '../../config/index.js';
import type { ModelManifest } from '../../domain/model/model-manifest.js';
import { TRAINING_FILES } from '../../domain/retrain/training-folder.js';
import { openClassifier } from '../../models/classifier.js';
import { readFrame } from '../../models/preprocess/read-image.js';
import { trainHead } from '../../models/train/train-head.js';
import { type Digit, DIGIT_SIZE, readDigits } from '../support/digits.js';
import { LITE0, LITE0_ANSWERS } from '../support/lite0.js';
import { prepareMlflowIfPossible } from '../support/mlflow-server.js';
import { classifierManifest } from '../support/training-folder.js';

/** Number of images in use, of which a third is for training: 300 and 600. */
const IMAGES = 900;
const DIGITS = 10;

/** Which images are for training, and the share of the others that the trained model must get right. */
const SPLITS: readonly (readonly [name: string, isTrain: (index: number) => boolean, number])[] = [
  ['every third image', (index) => index % 3 === 0, 0.85],
  // The others are mostly of other people: neighbours in the file are of the same person.
  ['the first third', (index) => index < IMAGES / 3, 0.75],
];
const RUNS_FOR_MS = 600_000;

// MLflow depends on scikit-learn, whose package has the images.
const python = existsSync(LITE0) ? await prepareMlflowIfPossible(readConfig().cacheDir) : undefined;

let folder: string;
let digits: readonly Digit[];

describe.skipIf(python === undefined)('a classifier of ImageNet', () => {
  beforeAll(async () => {
    digits = (await readDigits(python!)).slice(0, IMAGES); // else skipped
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vidette-digits-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it.each(SPLITS)(
    'knows handwritten digits, which are new classes, after a training on %s',
    async (name, isTrain, least) => {
      const base = await classifierManifest(LITE0, 'lite0', LITE0_ANSWERS);
      const images = digits.filter((_, i) => isTrain(i));
      const others = digits.filter((_, i) => !isTrain(i));
      await writeTraining(base, images);
      const start = process.cpuUsage();
      const quiet = { onStep: () => undefined, store: () => Promise.resolve() };
      await trainHead(folder, { ...quiet, checkpointMs: Infinity });
      const { user, system } = process.cpuUsage(start);
      const labels = await readLabels();
      expect(labels).toHaveLength(base.labels.length + DIGITS);
      const right = await countRight({ ...base, labels }, others);
      const share = right / others.length;
      const facts = `${right} of ${others.length} right (${(100 * share).toFixed(1)} %)`;
      const seconds = ((user + system) / 1e6).toFixed(1);
      console.log(`${name} for training: ${facts}, ${seconds} CPU seconds`);
      expect(share).toBeGreaterThanOrEqual(least);
    },
    RUNS_FOR_MS,
  );
});

/** Writes the training folder of a training on digits. */
async function writeTraining(base: ModelManifest, images: readonly Digit[]): Promise<void> {
  const write = (name: string, content: string | Buffer) => writeFile(join(folder, name), content);
  await mkdir(join(folder, 'dataset/train'), { recursive: true });
  const items = images.map(({ label }, i) => ({ file: `train/${i}.png`, split: 'train', label }));
  for (const [i, { png }] of images.entries()) await write(`dataset/train/${i}.png`, png);
  await write(TRAINING_FILES.items, items.map((item) => `${JSON.stringify(item)}\n`).join(''));
  await write(TRAINING_FILES.base, await readFile(LITE0));
  await write(TRAINING_FILES.baseManifest, JSON.stringify(base));
  await write(TRAINING_FILES.params, '{}');
}

async function readLabels(): Promise<string[]> {
  const text = await readFile(join(folder, TRAINING_FILES.labels), 'utf8');
  return JSON.parse(text) as string[]; // written by the trainer
}

/** Number of images of which the trained model finds the class. */
async function countRight(manifest: ModelManifest, images: readonly Digit[]): Promise<number> {
  const modelPath = join(folder, TRAINING_FILES.model);
  const model = await openClassifier({ manifest, modelPath, threads: 1, device: 'cpu' });
  let right = 0;
  for (const { png, label } of images) {
    const bytes = await readFrame(png, model.contentSize(DIGIT_SIZE));
    const [confidences] = await model.classify([{ layout: 'pixels', bytes }], DIGIT_SIZE);
    if (manifest.labels[confidences!.indexOf(Math.max(...confidences!))] === label) right++;
  }
  await model.close();
  return right;
}
