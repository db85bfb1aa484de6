import type { ZoneReport } from '../domain/zone/report-zones.js';
import type { ZoneSet } from '../domain/zone/zone-set.js';
import { formatTable, formatTime } from './format.js';

const MINUTE_MS = 60_000;
const COUNTS = ['entered', 'left', 'in', 'out'] as const;

/** Table of the passages of each minute. */
export function formatZoneCounts({ minutes }: Pick<ZoneReport, 'minutes'>): string {
  if (minutes.length === 0) return 'No object passed a zone or line.';
  const head = ['minute', 'zone', 'class', ...COUNTS];
  const rows = minutes.map((row) => [
    ...[String(row.minute_ms / MINUTE_MS), row.zone, row.class],
    ...COUNTS.map((name) => String(row[name])),
  ]);
  return formatTable([head, ...rows]);
}

/** Table of the named zones of a video. */
export function formatZoneSets(sets: readonly ZoneSet[]): string {
  if (sets.length === 0) return 'The video has no zones.';
  const rows = sets.map(({ name, zones, updated_at }) => [
    ...[name, zones.map((zone) => zone.name).join(', '), formatTime(updated_at)],
  ]);
  return formatTable([['name', 'zones and lines', 'updated'], ...rows]);
}
