import { readFile } from 'node:fs/promises';
import { AppError, messageOf } from '../../domain/errors.js';
import type { InferenceSpec } from '../session/inference-spec.js';
import { readImage, readPixels } from '../preprocess/displayed-image.js';
import { openModel, type RunningModel } from '../session/running-model.js';
import type { OnnxHead } from './onnx-head.js';

export interface FeatureReader {
  /** Reads an image; returns the values that the last layer receives. */
  readonly read: (path: string) => Promise<Float32Array>;
  readonly close: () => Promise<void>;
}

interface FeatureOptions {
  readonly manifest: InferenceSpec;
  /** Path of the model with these values as output. */
  readonly modelPath: string;
  readonly maxPixels: number;
}

/** Loads a model that returns what its last layer receives; images are prepared as for a prediction. */
export async function openFeatures(
  { manifest, modelPath, maxPixels }: FeatureOptions,
  { features, size }: OnnxHead,
): Promise<FeatureReader> {
  // One thread: sums have the same order on every host.
  const options = { manifest, modelPath, threads: 1, device: 'cpu' } as const;
  const model = await openModel(options, [{ name: features }], ([output]) => {
    if (output?.values.length === size) return;
    const found = output?.dims.join(' x ');
    throw new AppError(
      'MODEL_INVALID',
      `Model ${manifest.name}: its last layer receives ${found} values, expected ${size}`,
    );
  });
  return {
    read: async (path) => {
      try {
        return await readOne(model, path, maxPixels);
      } catch (cause) {
        const message = `Image ${path}: ${messageOf(cause)}`;
        throw new AppError('TRAIN_DATA', message, {}, { cause });
      }
    },
    close: model.close,
  };
}

async function readOne(
  model: RunningModel,
  path: string,
  maxPixels: number,
): Promise<Float32Array> {
  const image = await readImage(await readFile(path), { isFrame: false, maxPixels });
  const bytes = await readPixels(image, model.contentSize(image.size));
  const frame = { layout: 'pixels', bytes } as const;
  const [features] = await model.run([frame], image.size, ([output]) =>
    Float32Array.from(output!.values),
  );
  return features!;
}
