import type { FrameIdentity, SampledFrame } from '../video/frame-range.js';
import type { Parameters } from '../job/job-input.js';
import type { FrameRow, SkippedFrame } from '../result/result.js';
import type { VideoInfo } from '../video/video.js';
import type { LocalModel } from './model-registry.js';

/** Where a detection process finds the frames of a range. */
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

/** One range for a detection process: references only, never pixels. */
export interface LaneJob {
  readonly model: LocalModel;
  readonly source: FrameSource;
  readonly video: VideoInfo;
  readonly parameters: Parameters;
  /** Frames that are known to end the network's process: they are not given to it. */
  readonly failed?: readonly SkippedFrame[];
  /** The lane gets no other job meanwhile. */
  readonly alone?: boolean;
  /** Each inference gets one frame, so that one that ends the network's process is found. */
  readonly single?: boolean;
}

export interface LaneResult {
  readonly rows: readonly FrameRow[];
  /** Frames without a row, those on which the model failed among them. */
  readonly skipped: readonly SkippedFrame[];
  /** Those of the skipped frames on which the model failed. */
  readonly failed: readonly number[];
}

/** Detection processes. */
export interface Lanes {
  /**
   * Runs a job on a free lane; throws `LANE_LOST` when the lane dies or hangs, with the fact `frame`
   * when the network was at work on one, or `frames` (how many) when it was at work on several.
   */
  detect(
    job: LaneJob,
    options: { readonly signal: AbortSignal; readonly onFrames: (done: number) => void },
  ): Promise<LaneResult>;
}
