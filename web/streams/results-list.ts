import type { StreamRow } from '../../api/types.js';
import { resultsUrl, type Span } from '../api/streams.js';
import { element, fill } from '../dom.js';
import { formatCount, formatPercent, formatTime } from '../format.js';
import { throttle } from '../throttle.js';
import type { RowBuffer } from './row-buffer.js';

/** Number of rows that are listed. */
const SHOWN = 10;
/** Interval between redraws: rows may arrive faster than anyone reads them. */
const REDRAW_MS = 1000;

interface ResultsList {
  readonly root: HTMLElement;
  readonly update: () => void;
}

/** Newest rows of a camera, and a link to all of today. */
export function resultsList(uuid: string, rows: RowBuffer, today: () => Span): ResultsList {
  const body = element('tbody');
  const empty = element('p', { class: 'text-body-secondary' }, 'No frame in the last minute.');
  const table = element(
    'table',
    { class: 'table table-sm results' },
    element(
      'thead',
      {},
      element('tr', {}, ...['Time', 'Frame', 'Objects'].map((name) => heading(name))),
    ),
    body,
  );
  const download = element(
    'a',
    { class: 'btn btn-sm btn-outline-secondary', href: '', download: true },
    'Results of today (JSON Lines)',
  );
  download.addEventListener('click', () => (download.href = resultsUrl(uuid, today())));
  download.href = resultsUrl(uuid, today());
  const draw = () => {
    const newest = rows.list().slice(-SHOWN).reverse();
    fill(body, ...newest.map(rowOf));
    table.hidden = newest.length === 0;
    empty.hidden = newest.length > 0;
  };
  draw();
  const update = throttle(draw, (work) => setTimeout(work, REDRAW_MS));
  return { root: element('div', {}, table, empty, download), update };
}

const heading = (name: string) => element('th', { scope: 'col' }, name);

function rowOf({ timestamp, frame_number, detections }: StreamRow): HTMLElement {
  const objects = detections.map(
    ({ class: name, confidence }) => `${name} ${formatPercent(confidence)}`,
  );
  return element(
    'tr',
    {},
    element('td', {}, formatTime(timestamp)),
    element('td', {}, formatCount(frame_number)),
    element('td', {}, objects.length > 0 ? objects.join(', ') : '–'),
  );
}
