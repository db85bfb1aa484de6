import { basename } from 'node:path';
import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { AppError, messageOf } from '../../domain/errors.js';
import { openForTask } from '../../models/open-for-task.js';
import { readFrame } from '../../models/preprocess/read-image.js';
import type { ModelOptions } from '../../models/session/running-model.js';
import { renderSampleFrame } from '../../sample/render.js';
import { labelPrediction, type LabelledPrediction, TEST_OPTIONS } from './labelled-prediction.js';

/** Frame of the sample video in which no object moves. */
const SAMPLE_FRAME = 0;

/** Prediction on an image, with timings. */
export type SelfTest = LabelledPrediction & {
  readonly image: string;
  /** Milliseconds for loading the model (with its first run), and for one run on the image. */
  readonly load_ms: number;
  readonly run_ms: number;
};

/** Image for a test run: a file, or a frame of the sample video. */
export interface TestImage {
  readonly title: string;
  readonly bytes: Buffer;
  readonly size: { readonly width: number; readonly height: number };
}

/** Reads a test image. @throws AppError `INVALID_INPUT` for a file that is not an image. */
export async function readTestImage(path?: string): Promise<TestImage> {
  try {
    const bytes = path === undefined ? await renderSampleFrame(SAMPLE_FRAME) : await readFile(path);
    const { width, height } = await sharp(bytes).metadata();
    const title = path === undefined ? 'a frame of the sample' : basename(path);
    return { title, bytes, size: { width, height } };
  } catch (cause) {
    const problem = `${path} could not be read as an image: ${messageOf(cause)}`;
    throw new AppError('INVALID_INPUT', problem, {}, { cause });
  }
}

/** Loads a model and runs it on an image. @throws AppError `MODEL_INVALID` if that fails. */
export async function selfTest(
  options: ModelOptions,
  { title, bytes, size }: TestImage,
): Promise<SelfTest> {
  const startedAt = performance.now();
  const model = await openForTask(options);
  try {
    const loadedAt = performance.now();
    const pixels = await readFrame(bytes, model.contentSize(size));
    const frame = { layout: 'pixels', bytes: pixels } as const;
    const readAt = performance.now();
    const prediction = await model.predict(frame, size, TEST_OPTIONS);
    return {
      image: title,
      load_ms: rounded(loadedAt - startedAt),
      run_ms: rounded(performance.now() - readAt),
      ...labelPrediction(prediction, options.manifest.labels),
    };
  } finally {
    await model.close();
  }
}

function rounded(ms: number): number {
  return Math.round(ms * 10) / 10;
}
