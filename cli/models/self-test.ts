import { basename } from 'node:path';
import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { AppError, messageOf } from '../../domain/errors.js';
import { openForTask } from '../../models/open-for-task.js';
import { readFrame } from '../../models/preprocess/read-image.js';
import type { NetworkOptions } from '../../models/session/running-network.js';
import { drawPicture } from '../../sample/render.js';
import { labelPrediction, type LabelledPrediction, TEST_OPTIONS } from './labelled-prediction.js';

/** A frame of the sample in which all of its objects stand still. */
const SAMPLE_FRAME = 0;

/** What a network found in a picture, and how long it took. */
export type SelfTest = LabelledPrediction & {
  readonly image: string;
  /** Milliseconds to load the network and run it once, and of one run on the picture. */
  readonly load_ms: number;
  readonly run_ms: number;
};

/** A picture to test a network on: a file, or a frame of the sample. */
export interface TestPicture {
  readonly title: string;
  readonly bytes: Buffer;
  readonly size: { readonly width: number; readonly height: number };
}

/** @throws AppError `INVALID_INPUT` for a file that is no picture. */
export async function testPicture(path?: string): Promise<TestPicture> {
  try {
    const bytes = path === undefined ? await drawPicture(SAMPLE_FRAME) : await readFile(path);
    const { width, height } = await sharp(bytes).metadata();
    const title = path === undefined ? 'a frame of the sample' : basename(path);
    return { title, bytes, size: { width, height } };
  } catch (cause) {
    const problem = `${path} is no picture that can be read: ${messageOf(cause)}`;
    throw new AppError('INVALID_INPUT', problem, {}, { cause });
  }
}

/** Loads a network and runs it on a picture. @throws AppError `MODEL_INVALID` when it cannot be. */
export async function selfTest(
  options: NetworkOptions,
  { title, bytes, size }: TestPicture,
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
