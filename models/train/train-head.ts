import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../domain/errors.js';
import { type ModelManifest, modelManifestSchema } from '../../domain/model/model-manifest.js';
import { TRAINING_FILES, type TrainingStep } from '../../domain/retrain/training-folder.js';
import { type Checkpoint, openCheckpoint } from './checkpoint.js';
import { openFeatures } from './features.js';
import { createProblem, type HeadData, logitsOf } from './head-problem.js';
import {
  createHeadTrainer,
  type HeadState,
  trainedWeights,
  withNewClasses,
} from './head-trainer.js';
import {
  extendLabels,
  type LabelledImage,
  readLabelledImages,
  selectPart,
} from './labelled-images.js';
import { findHead, type HeadWeights, type OnnxHead } from './onnx-head.js';
import { exposeFeatures, writeHead } from './write-head.js';

const paramsSchema = z.looseObject({
  steps: z.int().min(1).max(100_000).default(300),
  l2: z.number().min(0).max(1).default(1e-4),
  max_pixels: z.int().min(1).default(36_000_000),
});

export interface TrainHeadOptions {
  readonly onStep: (step: TrainingStep) => void;
  /** Stores the checkpoint; resolves when its files may change again. */
  readonly store: (step: TrainingStep) => Promise<void>;
  /** Minimum time between checkpoints, in milliseconds. */
  readonly checkpointMs: number;
}

/** Number of images whose features are one file of the checkpoint. */
const SLICE = 64;

interface HeadJob {
  readonly folder: string;
  readonly manifest: ModelManifest;
  readonly file: Buffer;
  readonly head: OnnxHead;
  readonly images: readonly LabelledImage[];
  readonly params: z.output<typeof paramsSchema>;
  readonly checkpoint: Checkpoint;
  /** Reports a step, and stores the checkpoint when it is due; `save` writes its files before. */
  readonly report: (step: number, loss: number | null, save?: Save) => Promise<void>;
}

type Save = () => Promise<void>;

/**
 * Trains the last layer of a classifier in a training folder. The images of the part `train` are used
 * in the order of the list. Classes that only the images have become new rows; classes without images
 * keep their rows.
 * @throws AppError `TRAIN_DATA`, `TRAIN_DIVERGED`, `MODEL_INVALID`.
 */
export async function trainHead(folder: string, options: TrainHeadOptions): Promise<void> {
  const job = await openJob(folder, options);
  const { manifest, images, file, head } = job;
  const labels = extendLabels(manifest.labels, images);
  const features = await readFeatures(job);
  const part = (split: LabelledImage['split']) => selectPart(images, features, labels, split);
  const before = withNewClasses(head, labels.length - manifest.labels.length);
  const { weights, loss } = await train(job, part('train'), before);
  const metrics = {
    loss,
    train_images: part('train').targets.length,
    train_accuracy: accuracyOf(part('train'), weights),
    val_images: part('val').targets.length,
    val_accuracy: accuracyOf(part('val'), weights),
  };
  const write = (name: string, data: string | Uint8Array) => writeFile(join(folder, name), data);
  await mkdir(join(folder, 'out'), { recursive: true });
  await write(TRAINING_FILES.model, writeHead(file, head, weights));
  await write(TRAINING_FILES.labels, JSON.stringify(labels));
  await write(TRAINING_FILES.metrics, JSON.stringify(metrics));
}

async function openJob(folder: string, options: TrainHeadOptions): Promise<HeadJob> {
  const read = (name: string) => readFile(join(folder, name));
  const parse = async (name: string): Promise<unknown> =>
    JSON.parse((await read(name)).toString('utf8'));
  const params = paramsSchema.parse(await parse(TRAINING_FILES.params));
  const manifest = modelManifestSchema.parse(await parse(TRAINING_FILES.baseManifest));
  const title = expectClassifier(manifest);
  const file = await read(TRAINING_FILES.base);
  const images = await readLabelledImages(folder);
  return {
    ...{ folder, params, manifest, file, images },
    head: findHead(file, title),
    checkpoint: await openCheckpoint(join(folder, TRAINING_FILES.checkpoint)),
    report: createReport(images.length + params.steps, options),
  };
}

/** Returns the title of a model. @throws AppError `MODEL_INVALID` if it cannot be trained here. */
function expectClassifier({ name, version, output, files }: ModelManifest): string {
  const title = `Model ${name}@${version}`;
  if (output.family !== 'classifier')
    throw new AppError('MODEL_INVALID', `${title} is not a classifier: train it with a command.`);
  if (files)
    throw new AppError('MODEL_INVALID', `${title} has external weights: train it with a command.`);
  return title;
}

function createReport(of: number, options: TrainHeadOptions): HeadJob['report'] {
  let stored = performance.now();
  return async (step, loss, save) => {
    const current = { step, of, loss };
    const isDue = performance.now() - stored >= options.checkpointMs;
    if (!isDue) return options.onStep(current);
    await save?.();
    await options.store(current);
    stored = performance.now();
  };
}

/** Returns the features of all images, one after the other; those of the checkpoint are reused. */
async function readFeatures(job: HeadJob): Promise<Float32Array> {
  const { folder, manifest, file, head, images, params, checkpoint } = job;
  const features = new Float32Array(images.length * head.size);
  const modelPath = join(folder, 'features.onnx');
  await writeFile(modelPath, exposeFeatures(file, head));
  const reader = await openFeatures({ manifest, modelPath, maxPixels: params.max_pixels }, head);
  try {
    for (let from = 0; from < images.length; from += SLICE) {
      const slice = images.slice(from, from + SLICE);
      const stored = await checkpoint.readFeatures(from / SLICE);
      const values = stored ?? (await readSlice(slice));
      if (!stored) await checkpoint.writeFeatures(from / SLICE, values);
      features.set(values, from * head.size);
      await job.report(from + slice.length, null);
    }
  } finally {
    await reader.close();
  }
  return features;

  async function readSlice(slice: readonly LabelledImage[]): Promise<Float32Array> {
    const values = new Float32Array(slice.length * head.size);
    for (const [i, image] of slice.entries())
      values.set(await reader.read(join(folder, 'dataset', image.file)), i * head.size);
    return values;
  }
}

/** Trains from the checkpoint, or from the start. */
async function train(
  { images, params, checkpoint, report }: HeadJob,
  data: HeadData,
  before: HeadWeights,
): Promise<{ readonly weights: HeadWeights; readonly loss: number | null }> {
  const problem = createProblem(data, before);
  const trainer = createHeadTrainer(problem, params);
  let state: HeadState = (await checkpoint.readState()) ?? trainer.start();
  while (state.step < params.steps) {
    state = trainer.step(state);
    const current = state;
    const save = () => checkpoint.writeState(current);
    await report(images.length + state.step, state.loss, save);
  }
  return { weights: trainedWeights(problem, before, state), loss: state.loss };
}

/** Share of the images whose class has the highest logit; null without images. */
function accuracyOf({ features, targets }: HeadData, weights: HeadWeights): number | null {
  if (targets.length === 0) return null;
  const right = targets.filter((target, i) => {
    const logits = logitsOf(features.subarray(i * weights.size, (i + 1) * weights.size), weights);
    return logits.indexOf(Math.max(...logits)) === target;
  });
  return right.length / targets.length;
}
