import { openForTask } from '../open-for-task.js';
import { readFrame } from '../preprocess/read-image.js';
import type { ModelOptions, ModelSource } from '../session/running-model.js';
import { TEST_OPTIONS } from './labelled-prediction.js';
import { readTestImage } from '../../sample/test-image.js';

/** Maximum and minimum number of measured runs. */
const MAX_RUNS = 200;
const MIN_RUNS = 5;
/** Duration after which no further run starts, unless fewer than {@link MIN_RUNS} are done. */
const TIME_MS = 5000;
const WARM_UP_RUNS = 3;

export interface ModelBench {
  readonly threads: number;
  readonly runs: number;
  /** Milliseconds per frame: writing the input, inference, and decoding of boxes, masks or classes. */
  readonly median_ms: number;
  readonly p95_ms: number;
  readonly fps: number;
}

/** Measures repeated inference on one frame, in one session with `threads` threads. */
export async function benchModel(
  { path: modelPath, ...model }: ModelSource & Pick<ModelOptions, 'members'>,
  threads: number,
): Promise<ModelBench> {
  const { bytes, size } = await readTestImage();
  const opened = await openForTask({ ...model, modelPath, threads, device: 'cpu' });
  try {
    const pixels = await readFrame(bytes, opened.contentSize(size));
    const frame = { layout: 'pixels', bytes: pixels } as const;
    const times: number[] = [];
    const endAt = performance.now() + TIME_MS;
    for (let run = 0; run < MAX_RUNS + WARM_UP_RUNS; run++) {
      if (times.length >= MIN_RUNS && performance.now() > endAt) break;
      const startedAt = performance.now();
      await opened.predict(frame, size, TEST_OPTIONS);
      if (run >= WARM_UP_RUNS) times.push(performance.now() - startedAt);
    }
    return { threads, ...summaryOf(times) };
  } finally {
    await opened.close();
  }
}

function summaryOf(times: readonly number[]) {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
  const median = at(0.5);
  return {
    runs: sorted.length,
    median_ms: Math.round(median * 100) / 100,
    p95_ms: Math.round(at(0.95) * 100) / 100,
    fps: Math.round(10_000 / median) / 10,
  };
}
