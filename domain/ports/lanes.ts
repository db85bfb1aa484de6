import type { FrameIdentity, SampledFrame } from '../video/frame-range.js';
import type { Parameters } from '../job/job-input.js';
import type { FrameRow, SkippedFrame } from '../result/result.js';
import type { VideoInfo } from '../video/video.js';
import type { ListedImage } from '../image-batch/listed-image.js';
import type { ImageFindings } from '../image-batch/image-row.js';
import type { LocalModel } from './model-registry.js';

/** Source of the frames of a range, for a lane. */
export type FrameSource =
  | {
      readonly kind: 'objects';
      /** Folder of this attempt. */
      readonly folder: string;
      readonly event_id: string;
      readonly frames: readonly SampledFrame[];
      readonly skipped: readonly SkippedFrame[];
    }
  | {
      readonly kind: 'packed';
      readonly folder: string;
      readonly key: string;
      readonly frames: readonly SampledFrame[];
      readonly skipped: readonly SkippedFrame[];
    }
  | {
      readonly kind: 'video';
      readonly path: string;
      readonly folder: string;
      readonly identity: FrameIdentity;
      readonly seekPts: number;
      readonly frames: readonly SampledFrame[];
    };

/** One range for a lane: references only, never pixels. */
export interface LaneJob {
  readonly model: LocalModel;
  readonly source: FrameSource;
  readonly video: VideoInfo;
  readonly parameters: Parameters;
  /** Frames that are known to end the lane's process: they are skipped. */
  readonly failed?: readonly SkippedFrame[];
  /** Whether the lane runs no other job at the same time. */
  readonly alone?: boolean;
  /** Whether each inference gets one frame, to find the frame that ends the lane's process. */
  readonly single?: boolean;
}

export interface LaneResult {
  readonly rows: readonly FrameRow[];
  /** Frames without a row, including those on which the model failed. */
  readonly skipped: readonly SkippedFrame[];
  /** Skipped frames on which the model failed. */
  readonly failed: readonly number[];
}

/** Pool of detection processes. */
export interface Lanes {
  /**
   * Runs a job on a free lane.
   * @throws AppError `LANE_LOST` if the lane crashes or hangs, with the fact `frame` if one frame was
   * in flight, or `frames` (their number) if several were.
   */
  detect(
    job: LaneJob,
    options: { readonly signal: AbortSignal; readonly onFrames: (done: number) => void },
  ): Promise<LaneResult>;
}

/** Images for a lane: references only. */
export interface ImagesJob {
  readonly model: LocalModel;
  /** Folder of this attempt. */
  readonly folder: string;
  readonly bucket: string;
  /** Images, each with a number that identifies it if the lane is lost. */
  readonly images: readonly NumberedImage[];
  /** Minimum confidence of an object. */
  readonly conf: number;
  /** Whether the lane runs no other job at the same time. */
  readonly alone?: boolean;
}

export interface NumberedImage extends ListedImage {
  readonly number: number;
}

export interface ImagesResult {
  /** One entry per image, in order. */
  readonly images: readonly ImageFindings[];
  /** CPU time of the fastest image in milliseconds, with decoding; undefined if all are invalid. */
  readonly fastestMs?: number;
}

/** Pool of detection processes, for images. */
export interface ImageLanes {
  /**
   * Runs a job on a free lane; an invalid image has an error in the result.
   * @throws AppError `LANE_LOST` if the lane crashes or hangs, with the fact `frame`: the number of the
   * image in flight.
   */
  predict(
    job: ImagesJob,
    options: { readonly signal: AbortSignal; readonly onFrames: (done: number) => void },
  ): Promise<ImagesResult>;
}
