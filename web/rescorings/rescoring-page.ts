import type { Rescoring } from '../../api/types.js';
import { getRescoring } from '../api/rescorings.js';
import { messageOf, RequestError } from '../api/request.js';
import { element, fill, icon } from '../dom.js';
import { formatDate, joinFacts } from '../format.js';
import { card } from '../parts/card.js';
import type { Fact } from '../parts/fact-grid.js';
import { keepCurrent } from '../parts/keep-current.js';
import { progressBar } from '../parts/progress-bar.js';
import { errorState, loadingState, notFoundState } from '../parts/states.js';
import { statusBadge } from '../parts/status-badge.js';
import type { Page } from '../router.js';
import { factList } from '../system/facts.js';
import { rescoringActions } from './rescoring-actions.js';
import { casesCard } from './rescoring-cases.js';
import { imagesCard, jobsCard } from './rescoring-report.js';
import { describeRescoreStage, rescoringTitle } from './rescoring-text.js';

const NOT_FOUND = 404;

/** Page of a rescoring: its state, what would have changed, and the cases. */
export const rescoringPage: Page = (target, signal, id) => {
  const body = element('div', {}, loadingState('Loading the rescoring'));
  let shown = '';
  const refresh = async () => {
    try {
      const rescoring = await getRescoring(id, signal);
      const state = JSON.stringify(rescoring);
      if (state === shown) return; // keeps the focus
      shown = state;
      fill(body, ...drawRescoring(rescoring, () => void refresh(), signal));
    } catch (error) {
      if (signal.aborted) return;
      const isUnknown = error instanceof RequestError && error.problem?.status === NOT_FOUND;
      // The connection strip reports a lost API: the rescoring that is shown stays.
      if (!isUnknown && shown !== '' && shown !== 'error') return;
      shown = 'error';
      fill(body, isUnknown ? notFound(id) : errorState(messageOf(error), () => void refresh()));
    }
  };
  const back = element(
    'a',
    { class: 'back-link', href: '#/rescorings' },
    icon('back'),
    'Rescorings',
  );
  fill(target, back, body);
  keepCurrent(refresh, signal);
};

const notFound = (id: string) =>
  notFoundState('Rescoring', `There is no rescoring “${id}”.`, {
    ...{ href: '#/rescorings', text: 'All rescorings' },
  });

function drawRescoring(
  rescoring: Rescoring,
  onChanged: () => void,
  signal: AbortSignal,
): readonly HTMLElement[] {
  const { status, error, report } = rescoring;
  const title = rescoringTitle(rescoring);
  document.title = `${title} · Vidette`;
  const head = element(
    'div',
    { class: 'job-title page-title' },
    element('h1', { class: 'text-break' }, title),
    statusBadge(status),
    element('div', { class: 'job-actions' }, ...rescoringActions(rescoring, onChanged)),
  );
  return [
    head,
    ...(status === 'processing' ? [progressOf(rescoring)] : []),
    ...(error === null ? [] : [element('p', { class: 'alert alert-danger text-break' }, error)]),
    ...(report && report.images.total > 0 ? [imagesCard(report)] : []),
    ...(report && report.jobs.total > 0 ? [jobsCard(report)] : []),
    ...(report ? [casesCard(report, signal)] : []),
    card('Rescoring', factList(factsOf(rescoring))),
  ];
}

function progressOf(rescoring: Rescoring): HTMLElement {
  const progress = progressBar('Progress of the rescoring');
  progress.update(null, describeRescoreStage(rescoring));
  progress.root.classList.add('job-progress');
  return progress.root;
}

function factsOf(rescoring: Rescoring): readonly Fact[] {
  const { rescore_id, model, of, since, until, include, conf, created_at } = rescoring;
  return [
    ['Id', element('code', {}, rescore_id)],
    ['Model', model],
    ['Past predictions of', of],
    ['From', formatDate(since)],
    ['To', formatDate(until)],
    ['Includes', joinFacts(include)],
    ['Minimum confidence in images', conf],
    ['Started', formatDate(created_at)],
  ];
}
