import type { ZoneEvent, ZoneReport } from '../../api/types.js';
import { zoneReportUrl } from '../api/zones.js';
import { element, fill, icon } from '../dom.js';
import { formatClock, formatCount } from '../format.js';
import { scrolledTable } from '../parts/scrolled-table.js';
import { countInside, describeEvent, totalCells, TOTALS_HEAD } from './zone-text.js';

interface ZoneReportOptions {
  readonly eventId: string;
  /** Name of the zones. */
  readonly name: string;
  readonly colourOf: (zone: string) => string;
  readonly onEvent: (event: ZoneEvent) => void;
}

interface ZoneReportView {
  readonly root: HTMLElement;
  /** Shows the number of objects inside at a time. */
  readonly showTime: (timeMs: number) => void;
}

/** Maximum number of rows of a table on the page; the CSV has all. */
const MAX_ROWS = 200;
const MS = 1000;
/** Characters of the tenths of a second of a clock. */
const TENTHS = 2;

/** Totals of zones and lines, counts of each minute, and events. */
export function zoneReport(report: ZoneReport, options: ZoneReportOptions): ZoneReportView {
  const { events, minutes } = report;
  const inside = report.totals.map(() => element('span', {}));
  const totals = report.totals.map((row, i) => [
    zoneName(row.zone, options),
    ...totalCells(row, 0).slice(0, -1),
    row.kind === 'zone' ? inside[i] : '–',
  ]);
  const root = element(
    'div',
    { class: 'zone-report' },
    scrolledTable('Counts of zones and lines', TOTALS_HEAD, totals),
    element(
      'div',
      { class: 'zone-tables' },
      details(`Counts per minute (${formatCount(minutes.length)})`, [
        ...minutesTable(report),
        csvLink('Counts per minute as CSV', options, 'minutes-csv'),
      ]),
      details(`Events (${formatCount(events.length)})`, [
        ...eventsTable(report, options),
        csvLink('Events as CSV', options, 'events-csv'),
      ]),
    ),
  );
  const showTime = (timeMs: number) => {
    for (const [i, { zone, kind }] of report.totals.entries()) {
      if (kind === 'zone') fill(inside[i]!, countInside(events, zone, timeMs)); // one per row
    }
  };
  showTime(0);
  return { root, showTime };
}

function zoneName(name: string, { colourOf }: Pick<ZoneReportOptions, 'colourOf'>): HTMLElement {
  const cell = element('span', { class: 'zone-name' }, name);
  cell.style.setProperty('--zone-colour', colourOf(name));
  return cell;
}

function details(title: string, content: readonly HTMLElement[]): HTMLElement {
  return element('details', {}, element('summary', {}, title), ...content);
}

function minutesTable({ minutes }: ZoneReport): readonly HTMLElement[] {
  if (minutes.length === 0) return [note('No object passed a zone or line.')];
  const head = ['Minute', 'Zone', 'Class', 'Entered', 'Left', 'In', 'Out'];
  const rows = minutes
    .slice(0, MAX_ROWS)
    .map((row) => [
      ...[formatClock(row.minute_ms / MS).slice(0, -TENTHS), row.zone, row.class],
      ...[row.entered, row.left, row.in, row.out],
    ]);
  const table = scrolledTable('Counts per minute', head, rows);
  table.classList.add('is-minutes');
  return [table, ...rest(minutes.length)];
}

function eventsTable(
  { events }: ZoneReport,
  { onEvent }: Pick<ZoneReportOptions, 'onEvent'>,
): readonly HTMLElement[] {
  if (events.length === 0) return [note('No object was in a zone or crossed a line.')];
  const rows = events.slice(0, MAX_ROWS).map((event) => {
    const attributes = { type: 'button', class: 'btn btn-sm btn-link p-0' };
    const time = formatClock(event.time_ms / MS);
    return [
      element(
        'button',
        { ...attributes, 'aria-label': `Show ${time}`, onclick: () => onEvent(event) },
        time,
      ),
      describeEvent(event),
    ];
  });
  const table = scrolledTable('Events at zones and lines', ['Time', 'Event'], rows);
  table.classList.add('is-events');
  return [table, ...rest(events.length)];
}

const note = (text: string) => element('p', { class: 'text-body-secondary small mb-1' }, text);

const rest = (length: number) =>
  length > MAX_ROWS ? [note(`The first ${MAX_ROWS} rows; the CSV has all of them.`)] : [];

function csvLink(
  title: string,
  { eventId, name }: Pick<ZoneReportOptions, 'eventId' | 'name'>,
  format: 'events-csv' | 'minutes-csv',
): HTMLElement {
  const href = zoneReportUrl(eventId, name, format);
  return element('a', { class: 'download', href, download: true }, icon('download'), title);
}
