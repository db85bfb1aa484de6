import type { RescoreReport } from '../../api/types.js';
import type { DiffCounts } from '../../domain/result/diff/diff-counts.js';
import { element } from '../dom.js';
import { formatCount, pluralize } from '../format.js';
import { card } from '../parts/card.js';
import { type Fact, factGrid } from '../parts/fact-grid.js';
import { scrolledTable } from '../parts/scrolled-table.js';
import { formatAgreement } from './rescoring-text.js';

/** Card with what would have changed in the images. */
export function imagesCard({ images }: RescoreReport): HTMLElement {
  const { compared, total, failed, agree, agreement, objects, classes } = images;
  const facts: readonly Fact[] = [
    ['Compared', `${formatCount(compared)} of ${formatCount(total)}`],
    ['Agree', `${formatAgreement(agreement)} (${formatCount(agree)})`],
    ...(failed === 0 ? [] : [['Not predicted', formatCount(failed)] as const]),
  ];
  const table = objects
    ? objectsTable('Objects in images', objects)
    : classesTable('Images by class', classes);
  return card('Images', factGrid(facts), compared > 0 && table);
}

/** Card with what would have changed in the jobs, and the jobs that are not compared. */
export function jobsCard({ jobs }: RescoreReport): HTMLElement {
  const { total, compared, agreement, objects, not_compared } = jobs;
  const facts: readonly Fact[] = [
    ['Compared', `${formatCount(compared)} of ${formatCount(total)}`],
    ['Frames', formatCount(objects.frames)],
    ['Agree', formatAgreement(agreement)],
    ...(objects.frames_skipped === 0
      ? []
      : [['Skipped frames', formatCount(objects.frames_skipped)] as const]),
  ];
  const left = not_compared.map(({ event_id, reason }) =>
    element(
      'li',
      { class: 'text-break' },
      element('a', { href: `#/job/${encodeURIComponent(event_id)}` }, event_id),
      `: ${reason}`,
    ),
  );
  return card(
    'Jobs',
    factGrid(facts),
    compared > 0 && objectsTable('Objects in jobs', objects),
    left.length > 0 &&
      element(
        'details',
        {},
        element('summary', {}, `${pluralize(total - compared, 'job')} not compared`),
        element('ul', {}, ...left),
      ),
  );
}

/** Objects of both models by class; counts are boxes in images or frames. */
function objectsTable(label: string, { by_class }: DiffCounts): HTMLElement {
  const head = ['Class', 'Before', 'After', 'Same', 'Vanished', 'Appeared', 'Class changed'];
  const rows = Object.entries(by_class).map(([name, counts]) => {
    const { same, changed_from, changed_to, vanished, appeared } = counts;
    const before = same + changed_from + vanished;
    const after = same + changed_to + appeared;
    const numbers = [before, after, same, vanished, appeared, changed_from + changed_to];
    return [name, ...numbers.map(formatCount)];
  });
  if (rows.length === 0) return element('p', {}, 'Neither model found an object.');
  return scrolledTable(label, head, rows);
}

function classesTable(label: string, classes: RescoreReport['images']['classes']): HTMLElement {
  const rows = Object.entries(classes).map(([name, { before, after, both }]) => [
    ...[name, ...[before, after, both].map(formatCount)],
  ]);
  if (rows.length === 0) return element('p', {}, 'Neither model found a class.');
  return scrolledTable(label, ['Class', 'Before', 'After', 'Both'], rows);
}
