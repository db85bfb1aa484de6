/** How the frames of a video are found again: by their PTS after a seek, or by counting from 0. */
export type FrameIdentity = 'pts' | 'ordinal';

/** Consecutive frames of a video that travel together. Ranges tile the video exactly. */
export interface FrameRange {
  readonly index: number;
  /** First frame_id of the range. */
  readonly from: number;
  /** One past the last frame_id. */
  readonly to: number;
  /** PTS of the keyframe at which decoding starts, in units of the time base. */
  readonly seek_pts: number;
  /** Sampled frames in the range. */
  readonly sampled: number;
}

/** A frame of a range that is to be detected. */
export interface SampledFrame {
  readonly frame: number;
  /** Presentation timestamp in units of the video's time base. */
  readonly pts: number;
}

/** First sampled frame_id at or after a frame. */
export function firstSampled(from: number, every: number): number {
  return Math.ceil(from / every) * every;
}

/** Number of sampled frames in `[from, to)`: the frame_ids that are multiples of `every`. */
export function countSampled(from: number, to: number, every: number): number {
  return Math.max(0, Math.ceil(to / every) - Math.ceil(from / every));
}

/** The sampled frame_ids of `[from, to)`, ascending. */
export function sampledFrames(from: number, to: number, every: number): number[] {
  const first = firstSampled(from, every);
  return Array.from({ length: countSampled(from, to, every) }, (_, i) => first + i * every);
}
