import type { LaneJob, LaneResult } from '../domain/ports/lanes.js';
import type { SkippedFrame } from '../domain/result/result.js';
import type { Detector } from '../models/detector.js';
import type { Mutex } from '../models/session/mutex.js';
import { type FrameReaderDeps, type ModelInputFrame, readFrames } from './frame-reader.js';
import { createInference } from './infer.js';
import { createRangeRows } from './range-rows.js';

export interface DetectRangeDeps extends FrameReaderDeps {
  /** Loaded model of the job. */
  readonly detector: Detector;
  /** Ranges of a lane are inferred one after another, while the next one is decoded. */
  readonly inTurn: Mutex;
}

export interface DetectRangeOptions {
  /** Called with the number of frames that are done. */
  readonly onFrames: (done: number) => void;
  readonly signal: AbortSignal;
}

/**
 * Detects the objects of one range. Still scenes start fresh with each range, so that a part does not
 * depend on which lane detected the range before it.
 */
export async function detectRange(
  deps: DetectRangeDeps,
  job: LaneJob,
  options: DetectRangeOptions,
): Promise<LaneResult> {
  const batchSize = job.single ? 1 : deps.detector.batchSize;
  const { result, matchesSingleFrameInference } = await detectOnce(deps, job, batchSize, options);
  if (matchesSingleFrameInference) return result;
  // `stillScenesUncertain` in the table of recovery.
  return (await detectOnce(deps, job, 1, options)).result;
}

interface DetectedRange {
  readonly result: LaneResult;
  readonly matchesSingleFrameInference: boolean;
}

async function detectOnce(
  deps: DetectRangeDeps,
  job: LaneJob,
  batchSize: number,
  { onFrames, signal }: DetectRangeOptions,
): Promise<DetectedRange> {
  const content = deps.detector.contentSize(job.video.size);
  const unread: SkippedFrame[] = [];
  const inference = createInference(deps.detector, job);
  const range = createRangeRows(job, inference, { content, batchSize });
  const { rows, failed } = range;
  const frames = readFrames(deps, job, content, unread, signal);
  const inferFrom = async (first: IteratorResult<ModelInputFrame, void>) => {
    for (let next = first; !next.done; next = await frames.next()) {
      signal.throwIfAborted();
      await range.add(next.value);
      onFrames(rows.length + unread.length + failed.length);
    }
    await range.finish();
  };
  try {
    // ffmpeg has decoded the range when the first frame is read.
    const first = await frames.next();
    await deps.inTurn(() => inferFrom(first), signal);
  } finally {
    await frames.return(undefined);
    inference.close();
  }
  const skipped = inOrder([...unread, ...failed]);
  const result = { rows, skipped, failed: inOrder(failed).map(({ frame }) => frame) };
  return { result, matchesSingleFrameInference: range.matchesSingleFrameInference };
}

function inOrder(skipped: readonly SkippedFrame[]): SkippedFrame[] {
  return [...skipped].sort((a, b) => a.frame - b.frame);
}
