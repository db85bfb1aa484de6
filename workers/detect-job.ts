import { type Size, toStored } from '../domain/detection.js';
import type { SampledFrame } from '../domain/frame-range.js';
import type { LaneJob, LaneResult } from '../domain/ports.js';
import type { FrameRow, SkippedFrame } from '../domain/result.js';
import type { VideoInfo } from '../domain/video.js';
import type { Detector } from '../models/detector.js';
import { createStillScene } from '../models/still-scene.js';
import { type FrameReaderDeps, type NetworkFrame, readFrames } from './frame-reader.js';
import { createInference, type Inference } from './infer-frame.js';

export interface DetectJobDeps extends FrameReaderDeps {
  /** The loaded network of the job's model. */
  readonly detector: Detector;
}

/** What is known of a range so far. */
interface Found {
  readonly rows: FrameRow[];
  /** Frames that could not be read. */
  readonly unread: SkippedFrame[];
  /** Frames that the network failed on. */
  readonly failed: SkippedFrame[];
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
  const found: Found = { rows: [], unread: [], failed: [] };
  const content = deps.detector.contentSize(job.video.size);
  const inference = createInference(deps.detector, job);
  const add = createRows(job, content, inference, found);
  try {
    for await (const frame of readFrames(deps, job, content, found.unread, signal)) {
      signal.throwIfAborted();
      await add(frame);
      onFrame(found.rows.length + found.unread.length + found.failed.length);
    }
  } finally {
    inference.close();
  }
  const { rows, unread, failed } = found;
  const skipped = [...unread, ...failed].sort((a, b) => a.frame - b.frame);
  return { rows, skipped, failed: failed.map(({ frame }) => frame) };
}

/** Adds what is found in a frame: that of the last inferred one, where nothing has changed. */
function createRows(
  { video, parameters: { still }, model }: LaneJob,
  content: Size,
  { infer }: Inference,
  { rows, failed }: Found,
): (frame: NetworkFrame) => Promise<void> {
  const scene = still === undefined ? undefined : createStillScene(content, still);
  let last: FrameRow | undefined;
  return async (each) => {
    const { frame } = each.frame;
    const row = { frame, timestamp_ms: timestampMs(each.frame, video) };
    if (scene?.isStill(each.bytes, each.layout) && last) {
      rows.push({ ...row, same_as: last.frame, objects: last.objects });
      return;
    }
    const inferred = await infer(each);
    if ('reason' in inferred) {
      failed.push({ frame, reason: inferred.reason });
      scene?.forget();
      return;
    }
    const { labels } = model.manifest;
    const objects = inferred.detections.map((box) => toStored(box, video.size, labels));
    last = { ...row, objects };
    rows.push(last);
  };
}

/** Milliseconds from the container's start, to a thousandth. */
function timestampMs({ pts }: SampledFrame, { time_base, start_time_s }: VideoInfo): number {
  const seconds = (pts * time_base.num) / time_base.den - start_time_s;
  return Math.round(seconds * 1e6) / 1e3;
}
