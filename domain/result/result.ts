import type { StoredObject } from './detection.js';
import type { Parameters } from '../job/job-input.js';
import type { JobStatus } from '../job/job-status.js';
import type { ModelRef } from '../model/model-manifest.js';
import type { Device } from '../job/task-queues.js';
import type { Track } from '../track/track.js';
import type { VideoInfo } from '../video/video.js';

/** Inferred frame, or a still frame that reuses the objects of one. */
export interface FrameRow {
  /** Index of the frame in the source, in display order. */
  readonly frame: number;
  /** Milliseconds from the start time of the container. */
  readonly timestamp_ms: number;
  /** Inferred frame whose objects these are, if it is another frame. */
  readonly same_as?: number;
  readonly objects: readonly RowObject[];
}

/** Object of a row. */
export interface RowObject extends StoredObject {
  /** Id of its track, in a job with tracks; absent for an object without one. */
  readonly track_id?: number;
}

/** A sampled frame that could not be detected, and why. */
export interface SkippedFrame {
  readonly frame: number;
  readonly reason: string;
}

/** A skipped frame with its time. */
export interface TimedSkip extends SkippedFrame {
  /** Milliseconds from the start time of the container. */
  readonly timestamp_ms: number;
}

/** Sampled frame of a result: detected or skipped. */
export type ResultFrame = FrameRow | SkippedFrame;

/** Whether a frame of a result was skipped. */
export function isSkipped(frame: ResultFrame): frame is SkippedFrame {
  return 'reason' in frame;
}

/** A span of sampled frames, both ends included, that a cancelled job did not reach. */
export interface FrameSpan {
  readonly from: number;
  readonly to: number;
}

/** Counts of one range. */
export interface PartCounts {
  readonly frames: number;
  readonly skipped: number;
  /** How many of the skipped frames the model failed on; a range of an older build lacks it. */
  readonly failed?: number;
  /** One of these. */
  readonly failure?: SkippedFrame;
  readonly objects: number;
  readonly device: Device;
}

/** Totals of a result. */
export interface ResultSummary {
  readonly frames: number;
  /** Inferred frames; only for a job with still scenes. */
  readonly inferred?: number;
  readonly skipped: number;
  readonly objects: number;
  readonly objects_by_class: Readonly<Record<string, number>>;
  /** Number of tracks of each class; only for a job with tracks. */
  readonly tracks_by_class?: Readonly<Record<string, number>>;
  readonly warnings: readonly string[];
}

/** Everything of a result object but the streamed `frames` and `skipped`. */
export interface ResultHeader {
  readonly event_id: string;
  readonly video_id: string;
  readonly status: JobStatus;
  readonly rerun_of?: string;
  readonly video: VideoInfo & {
    readonly bucket: string;
    readonly key: string;
    readonly etag: string;
  };
  readonly model: ModelRef;
  readonly device: { readonly asked: string; readonly used: Partial<Record<Device, number>> };
  readonly parameters: Parameters;
  readonly created_at: string;
}

/** The result of a job: bucket `results`, key `results/{event_id}.json`. */
export interface DetectionResult extends ResultHeader {
  readonly frames: readonly FrameRow[];
  readonly skipped: readonly SkippedFrame[];
  /** Present on a cancelled job only. */
  readonly unprocessed?: readonly FrameSpan[];
  /** Present on a job with tracks only, by the time at which they end. */
  readonly tracks?: readonly Track[];
  readonly summary: ResultSummary;
}
