import type { FrameTracks, Track, TrackerState } from './track.js';

/**
 * Version of the algorithm, of {@link TrackPart} and of the checkpoints of cameras. A change of ids or of
 * the state needs a new one: parts of another version are computed again.
 */
export const TRACKER_VERSION = 1;

/**
 * Tracks of the objects of one range, `tracks/{event_id}/{range}.json`, and the checkpoint after it.
 * The ids of the last frame of a range are in the next part, because they are final only then.
 */
export interface TrackPart {
  readonly frames: readonly FrameTracks[];
  /** Tracks that ended in the range. */
  readonly ended: readonly Track[];
  readonly state: TrackerState;
}

/** Encodes a part; the same tracks give the same bytes. */
export function encodeTrackPart({ frames, ended, state }: TrackPart): string {
  return JSON.stringify({ version: TRACKER_VERSION, frames, ended, state });
}

/** Parses the output of {@link encodeTrackPart}; undefined if it has another version. */
export function readTrackPart(data: Buffer): TrackPart | undefined {
  // Our own writing, but possibly that of another build.
  const { version, ...part } = JSON.parse(data.toString('utf8')) as TrackPart & { version: number };
  return version === TRACKER_VERSION ? part : undefined;
}
