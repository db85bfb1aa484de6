import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ModelManifest } from '../../domain/model/model-manifest.js';
import { TRAINING_FILES } from '../../domain/retrain/training-folder.js';
import { writeFixtureModel } from '../../test/support/fixture-models.js';
import { LITE0, LITE0_ANSWERS } from '../../test/support/lite0.js';
import {
  classifierManifest,
  stripedImage,
  STRIPED_CLASSES,
  writeTrainingFolder,
} from '../../test/support/training-folder.js';
import { openClassifier } from '../classifier.js';
import { readFrame } from '../preprocess/read-image.js';
import { findHead } from './onnx-head.js';
import { trainHead } from './train-head.js';
import { writeHead } from './write-head.js';

const PER_CLASS = 4;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-train-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Options of a training without checkpoints. */
const quiet = { onStep: () => undefined, store: () => Promise.resolve(), checkpointMs: Infinity };

const parse = async <T>(name: string) =>
  JSON.parse(await readFile(join(folder, name), 'utf8')) as T; // written by the trainer

/** Labels that the trained model finds for new images of each class. */
async function predictNew(base: ModelManifest): Promise<string[]> {
  const labels = await parse<string[]>(TRAINING_FILES.labels);
  const modelPath = join(folder, TRAINING_FILES.model);
  const manifest = { ...base, labels };
  const model = await openClassifier({ manifest, modelPath, threads: 1, device: 'cpu' });
  const found: string[] = [];
  for (const label of STRIPED_CLASSES) {
    const size = { width: 48, height: 36 };
    const bytes = await readFrame(await stripedImage(label, 101), model.contentSize(size));
    const [confidences] = await model.classify([{ layout: 'pixels', bytes }], size);
    found.push(labels[confidences!.indexOf(Math.max(...confidences!))]!);
  }
  await model.close();
  return found;
}

describe.skipIf(!existsSync(LITE0))('a head of EfficientNet-Lite0', () => {
  const writeLite0 = async (params: object) => {
    const base = { path: LITE0, manifest: await classifierManifest(LITE0, 'lite0', LITE0_ANSWERS) };
    await writeTrainingFolder(folder, base, { perClass: PER_CLASS, params });
    return base.manifest;
  };

  it('predicts classes that only the images have, and keeps the thousand that it knows', async () => {
    const manifest = await writeLite0({ steps: 100 });
    await trainHead(folder, quiet);
    const labels = await parse<string[]>(TRAINING_FILES.labels);
    expect(labels).toEqual([...manifest.labels, ...STRIPED_CLASSES.toSorted()]);
    expect(await predictNew(manifest)).toEqual(STRIPED_CLASSES);
    expect(await parse(TRAINING_FILES.metrics)).toMatchObject({
      ...{ train_images: 9, train_accuracy: 1, val_images: 3, val_accuracy: 1 },
    });
  });

  it('is written back with the same bytes of its weights', async () => {
    const file = await readFile(LITE0);
    const head = findHead(file, 'lite0');
    expect(head).toMatchObject({ operation: 'Gemm', byClass: true, size: 1280 });
    const written = writeHead(file, head, head);
    const again = findHead(written, 'lite0');
    expect(Buffer.from(again.rows.buffer).equals(Buffer.from(head.rows.buffer))).toBe(true);
    expect(again.offsets).toEqual(head.offsets);
    expect(Math.abs(written.length - file.length)).toBeLessThan(100_000);
  });
});

const LABELS = ['bass', 'salmon', 'trout'];

/** Writes a training folder with the small classifier of the fixture. */
async function writeSmall(params: object): Promise<ModelManifest> {
  const path = await writeFixtureModel(folder, 'keras');
  const manifest = await classifierManifest(path, 'keras', { labels: LABELS });
  await writeTrainingFolder(folder, { path, manifest }, { perClass: PER_CLASS, params });
  return manifest;
}

describe('the head of a small file of Keras', () => {
  it('has the same bytes if it continues from any checkpoint', async () => {
    await writeSmall({ steps: 20 });
    const steps: number[] = [];
    const store = ({ step }: { readonly step: number }) => {
      steps.push(step);
      return steps.length % 6 === 0 ? Promise.reject(new Error('killed')) : Promise.resolve();
    };
    const attempt = () => trainHead(folder, { ...quiet, store, checkpointMs: 0 });
    while ((await attempt().catch((error: Error) => error.message)) === 'killed');
    const repeated = steps.filter((step, i) => i > 0 && step <= steps[i - 1]!);
    // Each attempt reports the end of the stored features, and no step again.
    expect(repeated).toEqual(repeated.map(() => 3 * PER_CLASS));
    expect(repeated.length).toBeGreaterThan(2);
    const interrupted = await readFile(join(folder, TRAINING_FILES.model));
    await rm(join(folder, TRAINING_FILES.checkpoint), { recursive: true });
    await trainHead(folder, quiet);
    expect(interrupted.equals(await readFile(join(folder, TRAINING_FILES.model)))).toBe(true);
  });

  it('becomes a file that runs with the new classes', async () => {
    const manifest = await writeSmall({ steps: 5 });
    await trainHead(folder, quiet);
    const labels = await parse<string[]>(TRAINING_FILES.labels);
    expect(labels).toEqual([...LABELS, ...STRIPED_CLASSES.toSorted()]);
    expect(await predictNew(manifest)).toHaveLength(STRIPED_CLASSES.length);
  });

  it('is not trained on an image that cannot be read', async () => {
    await writeSmall({});
    await rm(join(folder, 'dataset/train/red/1.png'));
    const trained = trainHead(folder, quiet);
    await expect(trained).rejects.toMatchObject({ code: 'TRAIN_DATA' });
    await expect(trained).rejects.toThrow('train/red/1.png');
  });

  it('is refused if its weights are in another file', async () => {
    const manifest = await writeSmall({});
    const files = [{ name: 'weights.bin', sha256: 'f'.repeat(64), size_bytes: 1 }];
    const text = JSON.stringify({ ...manifest, files });
    await writeFile(join(folder, TRAINING_FILES.baseManifest), text);
    await expect(trainHead(folder, quiet)).rejects.toThrow('external weights');
  });
});
