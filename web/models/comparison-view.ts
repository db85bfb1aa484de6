import type { Retraining } from '../../api/types.js';
import { element } from '../dom.js';
import { scrolledTable } from '../parts/scrolled-table.js';
import { formatPoints, formatShare } from './model-text.js';

type Comparison = NonNullable<Retraining['comparison']>;

/** Scores of the champion and the challenger on the same test images, in total and by class. */
export function comparisonView({
  images,
  champion,
  challenger,
  difference,
}: Comparison): HTMLElement {
  const { low, high } = difference;
  const interval = `95 % interval ${formatPoints(low)} to ${formatPoints(high)} points`;
  const isDetector = challenger.calibration_error === null;
  const errors = [champion, challenger].map((score) => score.calibration_error?.toFixed(3) ?? '-');
  const rows = [
    [
      `${isDetector ? 'Average precision on' : 'Right of'} ${images} test images`,
      formatShare(champion.value),
      formatShare(challenger.value),
      `${formatPoints(difference.value)} points`,
    ],
    ...(isDetector ? [] : [['Calibration error', ...errors, '']]),
    [
      'CPU time of an image',
      ...[champion, challenger].map((score) => `${score.ms_per_image.toFixed(1)} ms`),
      '',
    ],
  ];
  return element(
    'div',
    { class: 'comparison' },
    scrolledTable('Comparison', ['', 'Before', 'Trained', 'Difference'], rows),
    element('p', { class: 'entry-facts' }, interval),
    classesView(champion, challenger),
  );
}

type Score = Comparison['champion'];

function classesView(champion: Score, challenger: Score): HTMLElement {
  const rows = Object.entries(champion.classes).map(([name, before]) => {
    const after = challenger.classes[name]?.value ?? 0;
    const change = `${formatPoints(after - before.value)} points`;
    return [name, String(before.images), formatShare(before.value), formatShare(after), change];
  });
  return element(
    'details',
    {},
    element('summary', {}, `${rows.length} classes`),
    scrolledTable('Classes', ['Class', 'Images', 'Before', 'Trained', 'Difference'], rows),
  );
}
