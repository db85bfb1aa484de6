import type { StoredObject } from '../result/detection.js';

/** Objects of one sampled frame, in the order in which they are stored. */
export interface TrackedFrame {
  readonly frame: number;
  /** Milliseconds from the start of the video. */
  readonly timestamp_ms: number;
  readonly objects: readonly StoredObject[];
}

/** Ids of the tracks of a frame's objects, in the order of the objects; null for none. */
export interface FrameTracks {
  readonly frame: number;
  readonly ids: readonly (number | null)[];
}

/** Path of one object through a video. */
export interface Track {
  /** Counted from 1 in the order in which tracks are confirmed, unique within a job. */
  readonly id: number;
  readonly class: string;
  /** Time of its first frame, in milliseconds from the start of the video. */
  readonly from_ms: number;
  /** Time of its last frame. */
  readonly to_ms: number;
  /** Highest confidence of the object, 0 to 1, and the frame that has it. */
  readonly max_conf: number;
  readonly best_frame: number;
}

/** Newly known tracks of a tracker. */
export interface TrackerOutput {
  /** Frames whose ids are final. */
  readonly frames: readonly FrameTracks[];
  /** Tracks to which no later object can belong. */
  readonly ended: readonly Track[];
}

/** Track that a tracker follows. Serialisable: numbers, texts and null only. */
export interface LiveTrack extends Omit<Track, 'id'> {
  /** Null until a second frame confirms the track. */
  id: number | null;
  to_ms: number;
  max_conf: number;
  best_frame: number;
  /** Number of frames in a row without an object of this track. */
  missed: number;
  /** Time of the object in {@link TrackerState.frame} to which an unconfirmed track belongs. */
  born: number;
  /** State of the filter of {@link import('./box-filter.js')}. */
  filter: number[];
}

/** State of a tracker between two frames. */
export interface TrackerState {
  next_id: number;
  /** Last frame; its ids are not final, because the next frame may confirm tracks that begin in it. */
  last: FrameTracks | null;
  last_ms: number;
  /** Time between the last two frames; null before the second frame. */
  interval_ms: number | null;
  tracks: LiveTrack[];
}
