import { openForTask } from '../open-for-task.js';
import { readFrame } from '../preprocess/read-image.js';
import type { ModelOptions } from '../session/running-model.js';
import { labelPrediction, type LabelledPrediction, TEST_OPTIONS } from './labelled-prediction.js';
import type { TestImage } from '../../sample/test-image.js';

/** Prediction on an image, with timings. */
export type SelfTest = LabelledPrediction & {
  readonly image: string;
  /** Milliseconds for loading the model (with its first run), and for one run on the image. */
  readonly load_ms: number;
  readonly run_ms: number;
};

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
