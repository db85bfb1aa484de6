import { openForTask } from '../../models/open-for-task.js';
import { readFrame } from '../../models/preprocess/read-image.js';
import { TEST_OPTIONS } from './labelled-prediction.js';
import type { OpenModel } from './open-model.js';
import { testPicture } from './self-test.js';

/** Runs enough for a median, within a time that a person waits. */
const RUNS_MAX = 200;
const RUNS_MIN = 5;
const TIME_MS = 5000;
const WARM_UP = 3;

export interface ModelBench {
  readonly threads: number;
  readonly runs: number;
  /** Milliseconds of one frame: the pixels' way into the network, its run, its boxes, masks or classes. */
  readonly median_ms: number;
  readonly p95_ms: number;
  readonly fps: number;
}

/** Times a network on one frame again and again, with one session of so many threads. */
export async function benchModel(
  { path, manifest }: OpenModel,
  threads: number,
): Promise<ModelBench> {
  const { bytes, size } = await testPicture();
  const model = await openForTask({ manifest, modelPath: path, threads, device: 'cpu' });
  try {
    const pixels = await readFrame(bytes, model.contentSize(size));
    const frame = { layout: 'pixels', bytes: pixels } as const;
    const times: number[] = [];
    const endAt = performance.now() + TIME_MS;
    for (let run = 0; run < RUNS_MAX + WARM_UP; run++) {
      if (times.length >= RUNS_MIN && performance.now() > endAt) break;
      const startedAt = performance.now();
      await model.predict(frame, size, TEST_OPTIONS);
      if (run >= WARM_UP) times.push(performance.now() - startedAt);
    }
    return { threads, ...summaryOf(times) };
  } finally {
    await model.close();
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
