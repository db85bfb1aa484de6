import type { Size } from '../result/detection.js';

/** A ratio of whole numbers, such as a frame rate (frames per second) or a time base (seconds). */
export interface Rational {
  readonly num: number;
  readonly den: number;
}

/** Properties of a probed video. */
export interface VideoInfo {
  /** Size in pixels as it is displayed: after rotation, sample aspect ratio not applied. */
  readonly size: Size;
  /** Clockwise rotation that was applied, in degrees: 0, 90, 180 or 270. */
  readonly rotation: number;
  readonly sample_aspect_ratio: Rational;
  readonly codec: string;
  readonly pixel_format: string;
  readonly color_space: string;
  /** `pc` for full range, else limited. */
  readonly color_range: string;
  /** Names that ffprobe gives to the container, such as `mov,mp4,m4a,3gp,3g2,mj2`. */
  readonly container: string;
  /** Seconds per unit of PTS. */
  readonly time_base: Rational;
  /** Average frames per second; null when the container does not say. */
  readonly frame_rate: Rational | null;
  /** Start of the container in seconds: timestamps count from here. */
  readonly start_time_s: number;
  /** Frames in display order, those flagged discard left out. */
  readonly frame_count: number;
  /** Smallest PTS, in units of the time base. */
  readonly first_pts: number;
  /** Codec of each sound stream. */
  readonly sound: readonly string[];
  /** Number of the video track, from 0; absent if the file has one. */
  readonly track?: number;
  /** Frames that the file declares and does not contain, at its end; absent if it has all. */
  readonly missing_frames?: number;
}
