import { AppError } from '../errors.js';
import { listProblems } from '../schema-problems.js';
import type { Size } from '../result/detection.js';
import { isSkipped, type ResultFrame } from '../result/result.js';
import { countByMinute, type ZoneCounts } from './count-events.js';
import { totalsOf, type ZoneTotals } from './zone-totals.js';
import { watchZones } from './watch-zones.js';
import type { ZoneEvent } from './zone-event.js';
import { type ZoneOrLine, zonesSchema } from './zone.js';

/** What the tracks of a job did at zones and lines. */
export interface ZoneReport {
  /** By time. */
  readonly events: readonly ZoneEvent[];
  /** Passages of each minute by zone and class. */
  readonly minutes: readonly ZoneCounts[];
  /** Totals of each zone and line, in the order of the request. */
  readonly totals: readonly ZoneTotals[];
}

/** @throws AppError `INVALID_INPUT` that names what is wrong with each zone. */
export function parseZones(zones: unknown): readonly ZoneOrLine[] {
  const parsed = zonesSchema.safeParse(zones);
  if (parsed.success) return parsed.data;
  const problems = listProblems(parsed.error, 'zones').join('; ');
  throw new AppError('INVALID_INPUT', `Invalid zones: ${problems}`);
}

/**
 * Follows the tracks of a result at zones and lines.
 * @param frames frames of a result with tracks, by time; only the events are held in memory
 * @param size size of the frames in pixels
 */
export async function reportZones(
  frames: AsyncIterable<ResultFrame>,
  zones: readonly ZoneOrLine[],
  size: Size,
): Promise<ZoneReport> {
  const watch = watchZones(zones, size);
  const events: ZoneEvent[] = [];
  for await (const frame of frames) {
    if (isSkipped(frame)) continue;
    for (const { track_id, class: name, box } of frame.objects) {
      if (track_id === undefined) continue;
      events.push(...watch.add([{ track_id, class: name, time_ms: frame.timestamp_ms, box }]));
    }
  }
  events.push(...watch.endAll());
  events.sort((a, b) => a.time_ms - b.time_ms || a.track_id - b.track_id);
  return { events, minutes: countByMinute(events), totals: totalsOf(zones, events) };
}
