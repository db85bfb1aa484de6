import { sha256 } from '../../hash.js';
import type { ZoneEvent } from '../../zone/zone-event.js';
import { isoTime, type LogEntry } from '../entry.js';
import { eventIdAt } from '../event-keys.js';
import type { CameraZoneEvent } from '../tracks/row-tracks.js';
import type { StreamEventDocument } from './event-document.js';
import type { ZonePassage } from './stream-event.js';

/** Returns the documents of what tracks did at zones and lines in an entry of a log. */
export function zoneDocumentsOf({ scenario_uuid, tracks }: LogEntry): StreamEventDocument[] {
  return (tracks?.events ?? []).map((event) => zoneDocument(scenario_uuid, event));
}

/** Returns the document of what a track did at a zone or line; its id is the same in each process. */
export function zoneDocument(scenario_uuid: string, event: CameraZoneEvent): StreamEventDocument {
  const { class: name, confidence, frame_number, time_ms } = event;
  const at = isoTime(time_ms);
  return {
    ...{ scenario_uuid, event_id: zoneEventId(event), rule: null, zone: passageOf(event) },
    ...{ classes: [name], confidence, objects: 1 },
    ...{ first_frame: frame_number, last_frame: frame_number },
    ...{ started_at: at, last_seen_at: at, ended_at: at },
    ...{ clip: null, snapshot: false, webhooks_due: [], done: true },
  };
}

/** Returns what a track did, of the document of a passage; nothing for the event of a rule. */
export function zoneEventOf({
  zone: passage,
  classes,
  started_at,
}: StreamEventDocument): ZoneEvent[] {
  if (!passage) return [];
  const { name: zone, track_id, kind, direction = 'in', dwell_ms = 0, ...ends } = passage;
  const event = { zone, track_id, class: classes[0] ?? '', time_ms: Date.parse(started_at) };
  if (kind === 'crossed') return [{ ...event, kind, direction }];
  const { appeared, vanished } = ends;
  if (kind === 'entered') return [{ ...event, kind, ...(appeared && { appeared }) }];
  return [{ ...event, kind, dwell_ms, ...(vanished && { vanished }) }];
}

function passageOf(event: CameraZoneEvent): ZonePassage {
  const { class: _class, time_ms: _time, frame_number: _frame, confidence: _conf, ...rest } = event;
  const { zone, ...passage } = rest;
  return { name: zone, ...passage };
}

/** @example zoneEventId(event) // '20260111T123005123Z-z1f0c9a2b7d3e' */
function zoneEventId({ zone, track_id, kind, time_ms, ...event }: CameraZoneEvent): string {
  const direction = 'direction' in event ? event.direction : '';
  const hash = sha256(JSON.stringify([zone, track_id, kind, direction])).slice(0, 12);
  return eventIdAt(time_ms, `z${hash}`);
}
