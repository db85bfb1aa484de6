import type { Rescoring } from '../../api/types.js';
import { listRescorings } from '../api/rescorings.js';
import { messageOf } from '../api/request.js';
import { element, fill, icon } from '../dom.js';
import { ENTRY, entryList } from '../parts/entry-list.js';
import { keepCurrent } from '../parts/keep-current.js';
import { replaceKeepingFocus } from '../parts/keep-focus.js';
import { emptyState, errorState, loadingState } from '../parts/states.js';
import { statusBadge } from '../parts/status-badge.js';
import type { Page } from '../router.js';
import { rescoringFacts, rescoringHash, rescoringTitle } from './rescoring-text.js';
import { showStartDialog } from './start-dialog.js';

/** Page with all rescorings, the newest first. */
export const rescoringsPage: Page = (target, signal) => {
  const list = element(
    'section',
    { class: 'card', 'aria-label': 'List of rescorings' },
    loadingState('Loading rescorings'),
  );
  let shown = '';
  const refresh = async () => {
    try {
      const rescorings = await listRescorings(signal);
      const state = JSON.stringify(rescorings);
      if (state === shown) return; // keeps the focus
      shown = state;
      replaceKeepingFocus(list, [drawRescorings(rescorings)], ENTRY);
    } catch (error) {
      // The connection strip reports a lost API: the rescorings that are shown stay.
      if (signal.aborted || (shown !== '' && shown !== 'error')) return;
      shown = 'error';
      fill(
        list,
        errorState(messageOf(error), () => void refresh()),
      );
    }
  };
  const back = element('a', { class: 'back-link', href: '#/models' }, icon('back'), 'Models');
  const title = element(
    'div',
    { class: 'page-title' },
    element('h1', {}, 'Rescorings'),
    startButton(),
  );
  fill(target, back, title, list);
  keepCurrent(refresh, signal);
};

function startButton(): HTMLElement {
  const start = async () => {
    const id = await showStartDialog();
    if (id !== undefined) location.hash = rescoringHash(id);
  };
  const attributes = { class: 'btn btn-primary', onclick: () => void start() };
  return element('button', attributes, icon('add'), ' Start a rescoring');
}

function drawRescorings(rescorings: readonly Rescoring[]): HTMLElement {
  if (rescorings.length === 0) return noRescorings();
  const entries = rescorings.map((rescoring) => ({
    id: rescoring.rescore_id,
    title: element('a', { href: rescoringHash(rescoring.rescore_id) }, rescoringTitle(rescoring)),
    facts: [rescoringFacts(rescoring)],
    actions: [statusBadge(rescoring.status)],
  }));
  return entryList(entries, 'Rescorings');
}

function noRescorings(): HTMLElement {
  return emptyState(
    'stack',
    'No rescorings yet',
    'A rescoring runs a model over what another one has predicted, and reports what would have ',
    'changed.',
  );
}
