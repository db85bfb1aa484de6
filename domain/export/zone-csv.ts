import type { ZoneReport } from '../zone/report-zones.js';
import { csvLine } from './csv.js';

const EVENT_COLUMNS = [
  ...['time_ms', 'zone', 'kind', 'track_id', 'class', 'direction', 'dwell_ms'],
  ...['appeared', 'vanished'],
] as const;
const MINUTE_COLUMNS = ['minute_ms', 'zone', 'class', 'entered', 'left', 'in', 'out'] as const;

/** Events at zones and lines as CSV (RFC 4180). */
export function zoneEventsCsv({ events }: Pick<ZoneReport, 'events'>): string {
  return csvOfRows(EVENT_COLUMNS, events);
}

/** Counts of each minute as CSV (RFC 4180). */
export function zoneMinutesCsv({ minutes }: Pick<ZoneReport, 'minutes'>): string {
  return csvOfRows(MINUTE_COLUMNS, minutes);
}

function csvOfRows(columns: readonly string[], rows: readonly object[]): string {
  const lines = rows.map((row) => {
    const cells: Readonly<Record<string, string | number | true | undefined>> = { ...row };
    return csvLine(columns.map((name) => (cells[name] === true ? 'true' : cells[name])));
  });
  return [csvLine(columns), ...lines].join('');
}
