import type { Size } from '../../result/detection.js';
import type { ZoneEvent } from '../../zone/zone-event.js';

/** What the object of a track does at a zone or line of a scenario. */
export type CameraZoneEvent = ZoneEvent & {
  /** Number of the last row when it was noticed: an object must be away from the border to count. */
  readonly frame_number: number;
  /** Highest confidence of the object so far, 0 to 1. */
  readonly confidence: number;
};

/** Events of tracks that end in a gap. Stored, not sent. */
export interface EndedTracks {
  readonly events: readonly CameraZoneEvent[];
}

/** Facts about the tracks of a row. Stored, not sent. */
export interface RowTracks extends Partial<EndedTracks> {
  /** Size of the frame in pixels. */
  readonly size: Size;
  /** Ids of the tracks of the row that are in a zone, by its name. */
  readonly inside?: Readonly<Record<string, readonly number[]>>;
}

/** Returns an entry of a log as it is sent. */
export function withoutTracks<Entry extends { tracks?: unknown }>(entry: Entry): Entry {
  const sent = { ...entry };
  delete sent.tracks;
  return sent;
}
