import type { ClassDiff, DiffCounts } from '../../domain/result/diff/diff-counts.js';
import { element, fill } from '../dom.js';
import { formatCount } from '../format.js';
import { emptyState } from '../parts/states.js';

interface DiffClasses {
  readonly root: HTMLElement;
  readonly update: (counts: DiffCounts) => void;
}

const HEAD = [
  'Class',
  'Same',
  'Changed from',
  'Changed to',
  'Only in A',
  'Only in B',
  'Confidence',
];

/** Table of the differences by class. */
export function diffClasses(): DiffClasses {
  const body = element('tbody', {});
  const head = element('tr', {}, ...HEAD.map((text) => element('th', { scope: 'col' }, text)));
  const table = element('table', { class: 'table' }, element('thead', {}, head), body);
  const label = 'Differences by class';
  const scroller = element(
    'div',
    { class: 'table-responsive', role: 'region', tabindex: 0, 'aria-label': label },
    table,
  );
  const empty = emptyState('film', 'No objects', 'Neither result has objects of this confidence.');
  const note = element(
    'p',
    { class: 'small text-body-secondary mb-0' },
    'Counts are boxes in frames. Confidence is the mean change from A to B of the same objects.',
  );
  const update = ({ by_class }: DiffCounts) => {
    const rows = Object.entries(by_class);
    empty.hidden = rows.length > 0;
    scroller.hidden = rows.length === 0;
    fill(body, ...rows.map(([name, counts]) => classRow(name, counts)));
  };
  return { root: element('div', {}, empty, scroller, note), update };
}

function classRow(name: string, counts: ClassDiff): HTMLElement {
  const { same, changed_from, changed_to, vanished, appeared, conf_change } = counts;
  const numbers = [same, changed_from, changed_to, vanished, appeared].map(formatCount);
  return element(
    'tr',
    {},
    element('th', { scope: 'row', class: 'text-break' }, name),
    ...[...numbers, formatChange(conf_change)].map((text) => element('td', {}, text)),
  );
}

/** @example formatChange(0.021) // '+2.1 %' */
function formatChange(change: number | null): string {
  if (change === null) return '–';
  return `${change > 0 ? '+' : ''}${(change * 100).toFixed(1)} %`;
}
