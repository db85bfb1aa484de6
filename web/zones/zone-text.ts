import type { ZoneEvent, ZoneReport } from '../../api/types.js';
import { occupancyOf } from '../../domain/zone/count-events.js';
import { formatClock, formatDuration, joinFacts } from '../format.js';

const NONE = '–';
const MS = 1000;

/** Number of objects in a zone at a time. */
export function countInside(events: readonly ZoneEvent[], zone: string, timeMs: number): number {
  return occupancyOf(events, zone).findLast(({ time_ms }) => time_ms <= timeMs)?.objects ?? 0;
}

/** Head of the table of totals. */
export const TOTALS_HEAD = ['', 'Entered', 'Left', 'In', 'Out', 'Median time', 'Inside now'];

/** Cells of the totals of a zone or line without its name; what it cannot have is a dash. */
export function totalCells(
  { kind, entered, left, in: inwards, out, dwell_median_ms }: ZoneReport['totals'][number],
  inside: number,
): readonly string[] {
  const median = dwell_median_ms === null ? NONE : formatDuration(dwell_median_ms / MS);
  return kind === 'zone'
    ? [String(entered), String(left), NONE, NONE, median, String(inside)]
    : [NONE, NONE, String(inwards), String(out), NONE, NONE];
}

/** What an event says about an object. @example 'entered room' */
export function describeEvent(event: ZoneEvent): string {
  const object = `${event.class} ${event.track_id}`;
  if (event.kind === 'crossed') return `${object} crossed ${event.zone} ${event.direction}`;
  if (event.kind === 'entered') {
    return `${object} ${'appeared' in event ? 'appeared in' : 'entered'} ${event.zone}`;
  }
  const after = ` after ${formatDuration(event.dwell_ms / MS)}`;
  return `${object} ${'vanished' in event ? 'vanished in' : 'left'} ${event.zone}${after}`;
}

/** An event with its time. @example '0:12.4 · person 7 entered room' */
export const describeMoment = (event: ZoneEvent): string =>
  joinFacts([formatClock(event.time_ms / MS), describeEvent(event)]);

/** The event whose time is nearest; undefined without events. */
export function nearestEvent(events: readonly ZoneEvent[], timeMs: number): ZoneEvent | undefined {
  const distance = ({ time_ms }: ZoneEvent) => Math.abs(time_ms - timeMs);
  return events.reduce<ZoneEvent | undefined>(
    (best, event) => (best && distance(best) <= distance(event) ? best : event),
    undefined,
  );
}

/** Difference in milliseconds above which an event is before or after the time shown. */
const TOLERANCE_MS = 2;

/** The next event after a time, or the one before it; undefined if there is none. */
export function neighbouringEvent(
  events: readonly ZoneEvent[],
  timeMs: number,
  by: -1 | 1,
): ZoneEvent | undefined {
  return by > 0
    ? events.find(({ time_ms }) => time_ms > timeMs + TOLERANCE_MS)
    : events.findLast(({ time_ms }) => time_ms < timeMs - TOLERANCE_MS);
}
