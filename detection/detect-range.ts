import type { LaneJob, LaneResult } from '../domain/ports/lanes.js';
import type { SkippedFrame } from '../domain/result/result.js';
import type { Detector } from '../models/detector.js';
import { type FrameReaderDeps, readFrames } from './frame-reader.js';
import { createInference } from './infer.js';
import { createRangeRows } from './range-rows.js';

export interface DetectJobDeps extends FrameReaderDeps {
  /** The loaded network of the job's model. */
  readonly detector: Detector;
}

/**
 * Detects the frames of one range; `onFrame` is told how many are done. Still scenes begin anew with
 * each range, so that a part is the same whoever did the range before.
 */
export async function detectJob(
  deps: DetectJobDeps,
  job: LaneJob,
  onFrame: (done: number) => void,
  signal: AbortSignal,
): Promise<LaneResult> {
  const batchSize = job.single ? 1 : deps.detector.batchSize;
  const { result, isCertain } = await detectRange(deps, job, batchSize, onFrame, signal);
  if (isCertain) return result;
  return (await detectRange(deps, job, 1, onFrame, signal)).result;
}

interface DetectedRange {
  readonly result: LaneResult;
  /** Whether the result is that of frames inferred one by one. */
  readonly isCertain: boolean;
}

async function detectRange(
  deps: DetectJobDeps,
  job: LaneJob,
  batchSize: number,
  onFrame: (done: number) => void,
  signal: AbortSignal,
): Promise<DetectedRange> {
  const content = deps.detector.contentSize(job.video.size);
  const unread: SkippedFrame[] = [];
  const inference = createInference(deps.detector, job);
  const found = createRangeRows(job, inference, { content, batchSize });
  const { rows, failed } = found;
  try {
    for await (const frame of readFrames(deps, job, content, unread, signal)) {
      signal.throwIfAborted();
      await found.add(frame);
      onFrame(rows.length + unread.length + failed.length);
    }
    await found.finish();
  } finally {
    inference.close();
  }
  const inOrder = (skipped: readonly SkippedFrame[]) =>
    [...skipped].sort((a, b) => a.frame - b.frame);
  const skipped = inOrder([...unread, ...failed]);
  const result = { rows, skipped, failed: inOrder(failed).map(({ frame }) => frame) };
  return { result, isCertain: found.matchesSingleFrameInference };
}
