import type { Bbox } from '../result/detection.js';

/** Object of a track in one frame. */
export interface TrackPosition {
  readonly time_ms: number;
  /** In pixels of the displayed frame. */
  readonly box: Bbox;
}

/** What a track does at a zone or a line. */
export type ZoneEvent = ZoneEntry | ZoneExit | LineCrossing;

interface EventOfTrack {
  /** Name of the zone or line. */
  readonly zone: string;
  readonly track_id: number;
  readonly class: string;
  /** Time of the first position on the new side, in milliseconds as in the rows. */
  readonly time_ms: number;
}

export interface ZoneEntry extends EventOfTrack {
  readonly kind: 'entered';
  /** Present if the track begins in the zone. */
  readonly appeared?: true;
}

export interface ZoneExit extends EventOfTrack {
  readonly kind: 'left';
  /** Time in the zone since the entry. */
  readonly dwell_ms: number;
  /** Present if the track ends in the zone. */
  readonly vanished?: true;
}

export interface LineCrossing extends EventOfTrack {
  readonly kind: 'crossed';
  /** To the right of the line's direction, or to its left. */
  readonly direction: 'in' | 'out';
}
