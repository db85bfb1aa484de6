import { toStored } from '../domain/detection.js';
import type { SampledFrame } from '../domain/frame-range.js';
import type { LaneJob, LaneResult } from '../domain/ports.js';
import type { FrameRow, SkippedFrame } from '../domain/result.js';
import type { VideoInfo } from '../domain/video.js';
import { classIdsOf } from '../models/class-ids.js';
import type { Detector } from '../models/detector.js';
import { type FrameReaderDeps, readFrames } from './frame-reader.js';

export interface DetectJobDeps extends FrameReaderDeps {
  /** The loaded network of the job's model. */
  readonly detector: Detector;
}

/** Detects the frames of one range; `onFrame` is told how many are done. */
export async function detectJob(
  deps: DetectJobDeps,
  job: LaneJob,
  onFrame: (done: number) => void,
  signal: AbortSignal,
): Promise<LaneResult> {
  const { video, parameters } = job;
  const { manifest } = job.model;
  const { detector } = deps;
  const { conf, iou, max_det: maxDetections, classes } = parameters;
  const classIds = classes && classIdsOf(manifest, classes);
  const options = { conf, iou, maxDetections, ...(classIds && { classIds }) };
  const rows: FrameRow[] = [];
  const skipped: SkippedFrame[] = [];
  const content = detector.contentSize(video.size);
  for await (const { frame, layout, bytes } of readFrames(deps, job, content, skipped, signal)) {
    signal.throwIfAborted();
    const detections =
      layout === 'planes'
        ? await detector.detectPlanes(bytes, video.size, options)
        : await detector.detectPixels(bytes, video.size, options);
    const objects = detections.map((each) => toStored(each, video.size, manifest.labels));
    rows.push({ frame: frame.frame, timestamp_ms: timestampMs(frame, video), objects });
    onFrame(rows.length + skipped.length);
  }
  return { rows, skipped: skipped.sort((a, b) => a.frame - b.frame) };
}

/** Milliseconds from the container's start, to a thousandth. */
function timestampMs({ pts }: SampledFrame, { time_base, start_time_s }: VideoInfo): number {
  const seconds = (pts * time_base.num) / time_base.den - start_time_s;
  return Math.round(seconds * 1e6) / 1e3;
}
