import type { Bbox } from '../result/detection.js';

/** The frame of a sighting in which its class has the highest confidence. */
export interface BestFrame {
  /** `frame_id` of a video, or the number of a row of a camera. */
  readonly frame: number;
  /** In the same unit as `from_ms` of the sighting. */
  readonly timestamp_ms: number;
  readonly box: Bbox;
}

/** A span of time in which objects of one class were detected, without longer pauses. */
export interface SightingSpan {
  readonly class: string;
  /** Track of the object; absent if the rows have no tracks. */
  readonly track_id?: number;
  /** Milliseconds from the start of the video; for a camera, milliseconds since 1970. */
  readonly from_ms: number;
  /** Time of the last frame of the span. */
  readonly to_ms: number;
  readonly first_frame: number;
  /** Number of frames with an object of the class. */
  readonly frames: number;
  readonly max_conf: number;
  readonly best: BestFrame;
}

/** Document of collection `sightings`, `_id` = sighting_id. */
export interface Sighting extends SightingSpan {
  /** Sorts by `at`, the newest first, and then by the first frame. */
  readonly sighting_id: string;
  /** Start of the job, or the time at which a camera saw the first frame. */
  readonly at: Date;
  /** The job and its video; null for a camera. */
  readonly event_id: string | null;
  readonly video_id: string | null;
  /** The scenario of the camera; null for a video. */
  readonly scenario_uuid: string | null;
}

/** Job of which sightings are stored. */
export interface SightedJob {
  readonly event_id: string;
  readonly video_id: string;
  /** ISO 8601. */
  readonly created_at: string;
}

/** Creates the document of a span of a job; the same span has the same id. */
export function sightingOfJob(
  { event_id, video_id, created_at }: SightedJob,
  span: SightingSpan,
): Sighting {
  const at = new Date(created_at);
  const sighting_id = sightingId(at, event_id, span);
  return { ...span, sighting_id, at, event_id, video_id, scenario_uuid: null };
}

/** Creates the document of a span of a camera; the same span has the same id. */
export function sightingOfCamera(scenario_uuid: string, span: SightingSpan): Sighting {
  const at = new Date(span.from_ms);
  const sighting_id = sightingId(at, scenario_uuid, span);
  return { ...span, sighting_id, at, event_id: null, video_id: null, scenario_uuid };
}

/** Above the ms since 1970 of all valid times, so that the difference has no sign. */
const END_OF_TIME_MS = 9_999_999_999_999;
const TIME_DIGITS = 13;
const FRAME_DIGITS = 12;

/**
 * Prefix of the ids of sightings of a time, in digits. Ids sort from the newest to the oldest.
 * @example timePrefix(new Date(0)) // '9999999999999'
 */
export function timePrefix(at: Date): string {
  const left = Math.min(Math.max(END_OF_TIME_MS - at.getTime(), 0), END_OF_TIME_MS);
  return String(left).padStart(TIME_DIGITS, '0');
}

function sightingId(at: Date, source: string, span: SightingSpan): string {
  const frame = String(span.first_frame).padStart(FRAME_DIGITS, '0');
  const track = span.track_id === undefined ? [] : [String(span.track_id)];
  return [timePrefix(at), source, frame, ...track, span.class].join('/');
}
