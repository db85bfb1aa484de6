import type { ZoneEvent } from './zone-event.js';
import type { ZoneOrLine } from './zone.js';

/** Totals of one zone or line over a job. */
export interface ZoneTotals {
  readonly zone: string;
  readonly kind: ZoneOrLine['kind'];
  /** Number of objects that were in the zone or crossed the line. */
  readonly objects: number;
  readonly entered: number;
  readonly left: number;
  readonly in: number;
  readonly out: number;
  /** Median of the times in the zone, in milliseconds; null for a line or without an object. */
  readonly dwell_median_ms: number | null;
}

/**
 * Totals of zones and lines, in their order. As in the counts of minutes, tracks that begin or end in
 * a zone did not pass its border; they have dwell times and are among `objects`.
 */
export function totalsOf(
  zones: readonly Pick<ZoneOrLine, 'name' | 'kind'>[],
  events: readonly ZoneEvent[],
): readonly ZoneTotals[] {
  return zones.map(({ name, kind }) => {
    const own = events.filter((event) => event.zone === name);
    const passed = own.filter((event) => !('appeared' in event) && !('vanished' in event));
    const count = (what: string) =>
      passed.filter((event) => (event.kind === 'crossed' ? event.direction : event.kind) === what)
        .length;
    return {
      ...{ zone: name, kind, objects: new Set(own.map(({ track_id }) => track_id)).size },
      ...{ entered: count('entered'), left: count('left'), in: count('in'), out: count('out') },
      dwell_median_ms: median(own.flatMap((event) => ('dwell_ms' in event ? event.dwell_ms : []))),
    };
  });
}

/** Null for an empty list. */
function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}
