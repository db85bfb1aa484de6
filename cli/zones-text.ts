import { csvLine } from '../domain/export/csv.js';
import type { ZoneReport } from '../domain/zone/report-zones.js';
import { formatTable } from './format.js';

const MINUTE_MS = 60_000;
const COUNTS = ['entered', 'left', 'in', 'out'] as const;
const COLUMNS = [
  ...['time_ms', 'zone', 'kind', 'track_id', 'class', 'direction', 'dwell_ms'],
  ...['appeared', 'vanished'],
] as const;

/** Table of the passages of each minute. */
export function formatZoneCounts({ minutes }: ZoneReport): string {
  if (minutes.length === 0) return 'No object passed a zone or line.';
  const head = ['minute', 'zone', 'class', ...COUNTS];
  const rows = minutes.map((row) => [
    ...[String(row.minute_ms / MINUTE_MS), row.zone, row.class],
    ...COUNTS.map((name) => String(row[name])),
  ]);
  return formatTable([head, ...rows]);
}

/** Events as CSV (RFC 4180). */
export function zoneEventsCsv(events: ZoneReport['events']): string {
  const lines = events.map((event) => {
    const cells: Readonly<Record<string, string | number | true | undefined>> = { ...event };
    return csvLine(COLUMNS.map((name) => (cells[name] === true ? 'true' : cells[name])));
  });
  return [csvLine(COLUMNS), ...lines].join('');
}
