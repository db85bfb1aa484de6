import { type ExperimentDetails, getExperiment, stopExperiment } from '../api/experiments.js';
import { messageOf, RequestError } from '../api/request.js';
import { element, fill, icon } from '../dom.js';
import { formatCount, formatDate, formatPercent, joinFacts } from '../format.js';
import { card } from '../parts/card.js';
import { confirm } from '../parts/confirm.js';
import { type Fact, factGrid } from '../parts/fact-grid.js';
import { keepCurrent } from '../parts/keep-current.js';
import { showMessage } from '../parts/messages.js';
import { errorState, loadingState, notFoundState } from '../parts/states.js';
import type { Page } from '../router.js';
import { showDecideDialog } from './decide-dialog.js';
import { evidenceMeter } from './evidence-meter.js';
import { experimentBadge, experimentTitle, labelsNote } from './experiment-text.js';
import { classTable, figuresTable, sampleRatioText } from './figures.js';

const NO_LABELS =
  'No image is labelled yet. Label the audit sample on the page Review: only its images judge an ' +
  'experiment, because they are chosen before their results are known. VIDETTE_AUDIT_RATE sets their ' +
  'share, and VIDETTE_KEEP_PICTURES_DAYS keeps the images.';

/** Page of one experiment, with its evidence. */
export const experimentPage: Page = (target, signal, id) => {
  let shown = '';
  const refresh = async () => {
    try {
      show(await getExperiment(id, signal));
    } catch (error) {
      if (signal.aborted) return;
      const isUnknown = error instanceof RequestError && error.problem?.status === 404;
      // The connection strip reports a lost API: the experiment that is shown stays.
      if (!isUnknown && shown !== '' && shown !== 'error') return;
      shown = 'error';
      fill(target, isUnknown ? notFound(id) : errorState(messageOf(error), () => void refresh()));
    }
  };
  const show = (details: ExperimentDetails) => {
    const state = JSON.stringify(details);
    if (state === shown) return; // keeps the focus
    shown = state;
    fill(target, ...experimentView(details, show));
  };
  fill(target, loadingState('Loading the experiment'));
  keepCurrent(refresh, signal);
};

const notFound = (id: string) =>
  notFoundState('Experiment', `Experiment ${id} does not exist.`, {
    ...{ href: '#/experiments', text: 'All experiments' },
  });

function experimentView(
  details: ExperimentDetails,
  onChange: (details: ExperimentDetails) => void,
): HTMLElement[] {
  const { status, started_at, by, report } = details;
  const note = labelsNote(report);
  const ratio = sampleRatioText(report);
  return [
    element(
      'div',
      { class: 'page-title' },
      element('h1', { class: 'text-break' }, experimentTitle(details)),
      experimentBadge(status),
    ),
    element(
      'p',
      { class: 'text-body-secondary text-break' },
      joinFacts([modeText(details), `started ${formatDate(started_at)} by ${by}`]),
    ),
    card(
      'Evidence',
      evidenceMeter(report.evidence),
      factGrid(factsOf(details)),
      report.labelled === 0 && element('p', { class: 'experiment-note' }, NO_LABELS),
      ratio !== undefined && ratioNote(ratio, report.sample_ratio?.plausible ?? true),
      decisionNote(details),
      actions(details, onChange),
    ),
    card(
      'Versions',
      figuresTable(details),
      note !== undefined && element('p', { class: 'experiment-note' }, note),
    ),
    ...(report.classes.length > 0 ? [card('Classes', classTable(details))] : []),
  ];
}

function modeText({ mode, arms }: ExperimentDetails): string {
  const share = formatPercent(arms.challenger.share);
  return mode === 'shadow'
    ? `shadow: the challenger runs on ${share} of the images, and its answers are not sent`
    : `split: the challenger answers ${share} of the requests`;
}

function factsOf({ report }: ExperimentDetails): Fact[] {
  const { audited, labelled, pairs, agreement, counts } = report;
  const { champion, challenger } = counts.predictions;
  return [
    ['Predictions', formatCount(champion + challenger)],
    ['Audited images', formatCount(audited)],
    ['Labelled', formatCount(labelled)],
    ...(pairs
      ? [
          ['Only challenger right', formatCount(pairs.wins)] as const,
          ['Only champion right', formatCount(pairs.losses)] as const,
        ]
      : []),
    ...(agreement === null ? [] : [['Agreement', formatPercent(agreement)] as const]),
    ...(counts.dropped === 0
      ? []
      : [['Not run (queue full)', formatCount(counts.dropped)] as const]),
  ];
}

function ratioNote(text: string, isPlausible: boolean): HTMLElement {
  if (isPlausible) return element('p', { class: 'experiment-note' }, `Split: ${text}`);
  return element(
    'div',
    { class: 'alert alert-danger notice', role: 'alert' },
    icon('warning'),
    element('span', {}, `Split: ${text}`),
  );
}

/** Link to the images of a shadow experiment whose labels move its evidence; null without any. */
function reviewLink({ experiment_id: id, report }: ExperimentDetails): HTMLElement | null {
  const { images = 0, labelled = 0 } = report.labels?.differ ?? {};
  if (images <= labelled) return null;
  const query = new URLSearchParams({ kind: 'disagreement', experiment: id });
  const attributes = { class: 'btn btn-outline-primary' };
  const text = `Review the images that differ (${formatCount(images - labelled)})`;
  return element('a', { ...attributes, href: `#/review?${query}` }, text);
}

function decisionNote({ decision }: ExperimentDetails): HTMLElement | null {
  if (!decision) return null;
  const { promote, by, reason, at } = decision;
  const outcome = promote ? 'The challenger was promoted' : 'The champion was kept';
  const text = `${outcome} by ${by}, ${formatDate(at)}: ${reason}`;
  return element('p', { class: 'experiment-note text-break' }, text);
}

function actions(
  details: ExperimentDetails,
  onChange: (details: ExperimentDetails) => void,
): HTMLElement | null {
  const { experiment_id: id, status } = details;
  if (status === 'decided') return null;
  const decide = async () => {
    const decided = await showDecideDialog(details);
    if (decided) onChange(decided);
  };
  const stop = async () => {
    if (!(await confirmStop())) return;
    try {
      onChange(await stopExperiment(id));
    } catch (error) {
      showMessage(messageOf(error), 'error');
    }
  };
  const button = (text: string, style: string, run: () => Promise<void>) =>
    element('button', { class: `btn ${style}`, onclick: () => void run() }, text);
  return element(
    'div',
    { class: 'experiment-actions' },
    button('Decide', 'btn-primary', decide),
    reviewLink(details),
    status === 'running' && button('Stop', 'btn-outline-secondary', stop),
  );
}

const confirmStop = () =>
  confirm({
    title: 'Stop the experiment?',
    text: 'The challenger no longer runs. The evidence so far stays, and can still be decided by.',
    ...{ keep: 'Keep running', action: 'Stop' },
  });
