import type { ZoneEvent } from '../../zone/zone-event.js';
import { eventIdAt } from '../event-keys.js';
import type { StoredRow, StreamDetection } from '../row.js';

/** What a track did at a zone or line, as it is sent. */
export interface ZonePassage {
  /** Name of the zone or line. */
  readonly name: string;
  readonly kind: ZoneEvent['kind'];
  readonly track_id: number;
  /** Of a line: to the right of its direction, or to its left. */
  readonly direction?: 'in' | 'out';
  /** Of an object that left a zone: milliseconds since its entry. */
  readonly dwell_ms?: number;
  /** Present if the track begins in the zone. */
  readonly appeared?: true;
  /** Present if the track ends in the zone. */
  readonly vanished?: true;
}

/** Time in which objects that match a rule were seen, or a passage of a zone or line, as it is sent. */
export interface StreamEvent {
  readonly scenario_uuid: string;
  readonly event_id: string;
  /** Index of the rule in `notify`; null for a passage. */
  readonly rule: number | null;
  /** Present for a passage. */
  readonly zone?: ZonePassage;
  /** Classes of the matching objects, in alphabetical order. */
  readonly classes: readonly string[];
  /** Highest confidence of a matching object. */
  readonly confidence: number;
  /** Maximum number of matching objects in one row. */
  readonly objects: number;
  /** Numbers of the first and the last row with a matching object. */
  readonly first_frame: number;
  readonly last_frame: number;
  /** Timestamps of these rows, in ISO 8601 with milliseconds. */
  readonly started_at: string;
  readonly last_seen_at: string;
  /** The same as `last_seen_at` when the event has ended; null until then. */
  readonly ended_at: string | null;
}

/** Matching objects of a row: at least one. */
export type Matches = readonly [StreamDetection, ...StreamDetection[]];

/** Creates the event that starts with a row. */
export function beginEvent(row: StoredRow, matches: Matches, rule: number): StreamEvent {
  const { scenario_uuid, frame_number, timestamp } = row;
  const blank = { classes: [], confidence: 0, objects: 0, ended_at: null };
  const event = {
    ...{ scenario_uuid, event_id: eventIdAt(Date.parse(timestamp), rule), rule, ...blank },
    ...{ first_frame: frame_number, started_at: timestamp },
    ...{ last_frame: frame_number, last_seen_at: timestamp },
  };
  return continueEvent(event, row, matches);
}

/** Adds a row with matching objects to an event. */
export function continueEvent(event: StreamEvent, row: StoredRow, matches: Matches): StreamEvent {
  const classes = new Set([...event.classes, ...matches.map((match) => match.class)]);
  return {
    ...event,
    classes: [...classes].sort(),
    confidence: Math.max(event.confidence, ...matches.map(({ confidence }) => confidence)),
    objects: Math.max(event.objects, matches.length),
    last_frame: row.frame_number,
    last_seen_at: row.timestamp,
  };
}

/** Ends an event with its last row. */
export function endEvent(event: StreamEvent): StreamEvent {
  return { ...event, ended_at: event.last_seen_at };
}
