import type { ZoneEvent } from './zone-event.js';

/** Counts of one zone or line and one class in a minute. */
export interface ZoneCounts {
  /** Start of the minute in milliseconds, as in the rows. */
  readonly minute_ms: number;
  readonly zone: string;
  readonly class: string;
  readonly entered: number;
  readonly left: number;
  readonly in: number;
  readonly out: number;
}

const MINUTE_MS = 60_000;
const NONE = { entered: 0, left: 0, in: 0, out: 0 };

/**
 * Counts events by minute, zone and class, in this order; minutes without events are absent. Tracks
 * that appear or vanish in a zone did not pass its border and do not count.
 */
export function countByMinute(events: readonly ZoneEvent[]): readonly ZoneCounts[] {
  const rows = new Map<string, ZoneCounts>();
  for (const event of events) {
    if ('appeared' in event || 'vanished' in event) continue;
    const minute_ms = Math.floor(event.time_ms / MINUTE_MS) * MINUTE_MS;
    const key = JSON.stringify([minute_ms, event.zone, event.class]);
    const row = rows.get(key) ?? { minute_ms, zone: event.zone, class: event.class, ...NONE };
    const what = event.kind === 'crossed' ? event.direction : event.kind;
    rows.set(key, { ...row, [what]: row[what] + 1 });
  }
  return [...rows.values()].sort(
    (a, b) => a.minute_ms - b.minute_ms || compare(a.zone, b.zone) || compare(a.class, b.class),
  );
}

const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b));

/** Number of objects in a zone after each change, in the order of time. */
export function occupancyOf(
  events: readonly ZoneEvent[],
  zone: string,
): readonly { readonly time_ms: number; readonly objects: number }[] {
  let objects = 0;
  return events
    .filter((event) => event.zone === zone && event.kind !== 'crossed')
    .toSorted((a, b) => a.time_ms - b.time_ms)
    .map(({ kind, time_ms }) => ({ time_ms, objects: (objects += kind === 'entered' ? 1 : -1) }));
}
