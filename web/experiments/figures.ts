import type { Answers } from '../../domain/experiment/confidence-sequence.js';
import { ARMS, type ArmName } from '../../domain/experiment/experiment.js';
import type { ArmFigures, ExperimentReport } from '../../domain/experiment/report.js';
import type { ExperimentDetails } from '../api/experiments.js';
import { type Child, element } from '../dom.js';
import { formatCount, formatPercent } from '../format.js';
import { specOf } from './experiment-text.js';

type ByArm<T> = Readonly<Record<ArmName, T>>;

/** Table of the figures of both versions. */
export function figuresTable({ arms, report }: ExperimentDetails): HTMLElement {
  const figures = report.arms;
  return armTable('Figures of both versions', arms, [
    figureRow('Predictions', figures, ({ predictions }) => formatCount(predictions)),
    figureRow('Errors', figures, ({ errors }) => formatCount(errors)),
    figureRow('Right, of labelled images', figures, rightText),
    figureRow('Accuracy', figures, intervalText),
    figureRow('Median of inference', figures, ({ inference_s: time }) => formatMs(time?.median)),
    figureRow('p95 of inference', figures, ({ inference_s: time }) => formatMs(time?.p95)),
  ]);
}

/** Table of the labelled images of each class. */
export function classTable({ arms, report }: ExperimentDetails): HTMLElement {
  const rows = report.classes.map(({ class: name, ...answers }) =>
    figureRow(name, answers, rightText),
  );
  return armTable('Labelled images by true class', arms, rows);
}

/** Text of the check of the split; undefined for a shadow experiment. */
export function sampleRatioText({ sample_ratio: ratio }: ExperimentReport): string | undefined {
  if (!ratio) return undefined;
  const { keys, expected, plausible } = ratio;
  const count = keys.champion + keys.challenger;
  const observed = formatPercent(keys.challenger / count);
  const facts = `${observed} of ${formatCount(count)} keys are in the challenger's arm, ${formatPercent(expected)} are expected`;
  return plausible
    ? `${facts}: as it should be.`
    : `${facts}. A correct split has such numbers in 1 of 1,000 cases: do not decide by it.`;
}

function armTable(
  label: string,
  arms: ExperimentDetails['arms'],
  rows: readonly HTMLElement[],
): HTMLElement {
  const head = ARMS.map((arm) =>
    element(
      'th',
      { scope: 'col' },
      arm === 'champion' ? 'Champion' : 'Challenger',
      element('span', { class: 'arm-model' }, specOf(arms[arm])),
    ),
  );
  const table = element(
    'table',
    { class: 'table experiment-table' },
    element('thead', {}, element('tr', {}, element('td', {}), ...head)),
    element('tbody', {}, ...rows),
  );
  const attributes = {
    class: 'table-responsive',
    role: 'region',
    tabindex: 0,
    'aria-label': label,
  };
  return element('div', attributes, table);
}

function figureRow<T>(name: string, values: ByArm<T>, text: (value: T) => Child): HTMLElement {
  return element(
    'tr',
    {},
    element('th', { scope: 'row', class: 'text-break' }, name),
    ...ARMS.map((arm) => element('td', {}, text(values[arm]))),
  );
}

function rightText({ labelled, right }: Answers): string {
  return labelled === 0 ? '–' : `${formatCount(right)} of ${formatCount(labelled)}`;
}

function intervalText({ labelled, accuracy }: ArmFigures): string {
  if (labelled === 0) return '–';
  return `${Math.round(accuracy.low * 100)} to ${formatPercent(accuracy.high)}`;
}

function formatMs(seconds: number | undefined): string {
  return seconds === undefined ? '–' : `${(seconds * 1000).toFixed(0)} ms`;
}
