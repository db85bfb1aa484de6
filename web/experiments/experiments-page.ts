import { type Experiment, listExperiments } from '../api/experiments.js';
import { messageOf } from '../api/request.js';
import { element, fill, icon } from '../dom.js';
import { formatDate, joinFacts } from '../format.js';
import { keepCurrent } from '../parts/keep-current.js';
import { emptyState, errorState, loadingState } from '../parts/states.js';
import type { Page } from '../router.js';
import { experimentBadge, experimentTitle } from './experiment-text.js';
import { showStartDialog } from './start-dialog.js';

const INTRODUCTION =
  'An experiment compares another version of a classifier with the one that predicts images, on the ' +
  'same images, before or while users see its answers.';

/** Page with all experiments, newest first. */
export const experimentsPage: Page = (target, signal) => {
  const list = element('div', {}, loadingState('Loading experiments'));
  let shown = '';
  const refresh = async () => {
    try {
      const { experiments } = await listExperiments(signal);
      const state = JSON.stringify(experiments);
      if (state === shown) return; // keeps the focus
      shown = state;
      fill(list, experiments.length === 0 ? noExperiments() : experimentList(experiments));
    } catch (error) {
      // The connection strip reports a lost API: the experiments that are shown stay.
      if (signal.aborted || (shown !== '' && shown !== 'error')) return;
      shown = 'error';
      fill(
        list,
        errorState(messageOf(error), () => void refresh()),
      );
    }
  };
  target.replaceChildren(
    element('div', { class: 'page-title' }, element('h1', {}, 'Experiments'), startButton()),
    list,
  );
  keepCurrent(refresh, signal);
};

function startButton(): HTMLElement {
  const start = async () => {
    const id = await showStartDialog();
    if (id !== undefined) location.hash = `#/experiment/${id}`;
  };
  const attributes = { class: 'btn btn-primary', onclick: () => void start() };
  return element('button', attributes, icon('add'), ' Start an experiment');
}

const noExperiments = () => emptyState('stack', 'No experiments yet', INTRODUCTION);

function experimentList(experiments: readonly Experiment[]): HTMLElement {
  return element('ul', { class: 'experiment-list' }, ...experiments.map(experimentRow));
}

function experimentRow(experiment: Experiment): HTMLElement {
  const { experiment_id: id, mode, status, started_at, by, decision } = experiment;
  const outcome = decision && (decision.promote ? 'challenger promoted' : 'champion kept');
  const title = experimentTitle(experiment);
  return element(
    'li',
    { class: 'card card-body experiment-row' },
    element('a', { href: `#/experiment/${id}`, class: 'text-break' }, title),
    experimentBadge(status),
    element(
      'span',
      { class: 'small text-body-secondary text-break' },
      joinFacts([mode, `started ${formatDate(started_at)} by ${by}`, outcome]),
    ),
  );
}
