import { type Size, toStored } from '../domain/detection.js';
import type { SampledFrame } from '../domain/frame-range.js';
import type { LaneJob, LaneResult } from '../domain/ports.js';
import type { FrameRow, SkippedFrame } from '../domain/result.js';
import type { VideoInfo } from '../domain/video.js';
import { classIdsOf } from '../models/class-ids.js';
import type { DetectOptions, Detector } from '../models/detector.js';
import { createStillScene } from '../models/still-scene.js';
import { type FrameReaderDeps, type NetworkFrame, readFrames } from './frame-reader.js';

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
  const { video, parameters } = job;
  const { manifest } = job.model;
  const { detector } = deps;
  const { conf, iou, max_det: maxDetections, classes } = parameters;
  const classIds = classes && classIdsOf(manifest, classes);
  const options = { conf, iou, maxDetections, ...(classIds && { classIds }) };
  const rows: FrameRow[] = [];
  const skipped: SkippedFrame[] = [];
  const content = detector.contentSize(video.size);
  const { still } = parameters;
  const scene = still === undefined ? undefined : createStillScene(content, still);
  let inferred: FrameRow | undefined;
  for await (const each of readFrames(deps, job, content, skipped, signal)) {
    signal.throwIfAborted();
    const row = { frame: each.frame.frame, timestamp_ms: timestampMs(each.frame, video) };
    const isStill = scene?.isStill(each.bytes, each.layout) ?? false;
    if (inferred && isStill) {
      rows.push({ ...row, same_as: inferred.frame, objects: inferred.objects });
    } else {
      const detections = await detect(detector, each, video.size, options);
      const objects = detections.map((found) => toStored(found, video.size, manifest.labels));
      inferred = { ...row, objects };
      rows.push(inferred);
    }
    onFrame(rows.length + skipped.length);
  }
  return { rows, skipped: skipped.sort((a, b) => a.frame - b.frame) };
}

function detect(
  detector: Detector,
  { layout, bytes }: NetworkFrame,
  size: Size,
  options: DetectOptions,
) {
  return layout === 'planes'
    ? detector.detectPlanes(bytes, size, options)
    : detector.detectPixels(bytes, size, options);
}

/** Milliseconds from the container's start, to a thousandth. */
function timestampMs({ pts }: SampledFrame, { time_base, start_time_s }: VideoInfo): number {
  const seconds = (pts * time_base.num) / time_base.den - start_time_s;
  return Math.round(seconds * 1e6) / 1e3;
}
