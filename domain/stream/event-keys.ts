import { expectId, expectScenarioUuid } from '../names.js';

/** Files of an event. */
export type EventFile = 'mp4' | 'jpg';

/**
 * Id of an event: the instant at which it started, and the rank of its rule, or a hash of its passage of
 * a zone. Ids are in the order of time.
 * @param instant ms since 1970.
 * @example eventIdAt(1768134605123, 0) // '20260111T123005123Z-0'
 */
export function eventIdAt(instant: number, rule: number | `z${string}`): string {
  return `${new Date(instant).toISOString().replace(/[-:.]/g, '')}-${rule}`;
}

/** @example eventKey(uuid, '20260111T123005123Z-0', 'mp4') // '{uuid}/events/20260111T….mp4' */
export function eventKey(scenarioUuid: string, eventId: string, file: EventFile): string {
  return `${expectScenarioUuid(scenarioUuid)}/events/${expectId('an event_id', eventId)}.${file}`;
}

const KEY = /\/events\/((\d{4})(\d\d)(\d\d)T\d{9}Z-\d+)\.(mp4|jpg)$/;

/** Returns the event of a key, with the UTC day of its start; undefined for another key. */
export function parseEventKey(key: string): { eventId: string; day: string } | undefined {
  const [, eventId, year, month, day] = KEY.exec(key) ?? [];
  return eventId ? { eventId, day: `${year}-${month}-${day}` } : undefined;
}
