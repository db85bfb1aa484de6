import type { AlertPage } from '../../api/types.js';
import { type AlertFilter, listAlerts } from '../api/alerts.js';
import { messageOf } from '../api/request.js';
import { element, fill } from '../dom.js';
import { keepCurrent } from '../parts/keep-current.js';
import { replaceKeepingFocus } from '../parts/keep-focus.js';
import { showMessage } from '../parts/messages.js';
import { emptyState, errorState, loadingState } from '../parts/states.js';
import type { Page } from '../router.js';
import { alertCard } from './alert-card.js';
import { showTestDialog } from './test-dialog.js';

/** Page with the alerts that were sent or suppressed, the newest first. */
export const alertsPage: Page = (target, signal, _, query) => {
  const filter = { job: query.get('job') ?? undefined, rule: query.get('rule') ?? undefined };
  const list = element(
    'section',
    { 'aria-label': 'List of alerts' },
    loadingState('Loading alerts'),
  );
  const older = element('ul', { class: 'event-list', 'aria-label': 'Older alerts' });
  const more = element('button', { class: 'btn btn-outline-secondary more' }, 'Older alerts');
  more.hidden = true;
  let shown = '';
  let next: string | null = null;

  const refresh = async () => {
    try {
      const page = await listAlerts(filter, undefined, signal);
      const state = JSON.stringify(page);
      if (state === shown) return; // keeps the focus
      shown = state;
      replaceKeepingFocus(list, [drawAlerts(page, filter)], 'data-alert');
      if (older.children.length > 0) return;
      next = page.next;
      more.hidden = next === null;
    } catch (error) {
      // The connection strip reports a lost API: the alerts that are shown stay.
      if (signal.aborted || (shown !== '' && shown !== 'error')) return;
      shown = 'error';
      fill(
        list,
        errorState(messageOf(error), () => void refresh()),
      );
    }
  };
  const readOlder = async (cursor: string) => {
    more.disabled = true;
    try {
      const page = await listAlerts(filter, cursor, signal);
      older.append(...page.alerts.map(alertCard));
      next = page.next;
      more.hidden = next === null;
    } catch (error) {
      if (!signal.aborted) showMessage(messageOf(error), 'error');
    } finally {
      more.disabled = false;
    }
  };
  more.addEventListener('click', () => {
    if (next !== null) void readOlder(next);
  });
  const test = () => showTestDialog(() => void refresh());
  const title = element(
    'div',
    { class: 'page-title' },
    element('h1', {}, 'Alerts'),
    element('button', { class: 'btn btn-primary', onclick: test }, 'Send a test'),
  );
  fill(target, title, filterNote(filter), list, older, more);
  keepCurrent(refresh, signal);
};

/** Names what the list is limited to, with a link to all alerts. */
function filterNote({ job, rule }: AlertFilter): HTMLElement | undefined {
  const parts = [job && `job ${job}`, rule && `rule ${rule}`].filter(Boolean);
  if (parts.length === 0) return undefined;
  const all = element('a', { href: '#/alerts' }, 'Show all alerts');
  return element('p', { class: 'text-break' }, `Alerts of ${parts.join(', ')}. `, all);
}

function drawAlerts({ alerts }: AlertPage, filter: AlertFilter): HTMLElement {
  if (alerts.length > 0) return element('ul', { class: 'event-list' }, ...alerts.map(alertCard));
  const isLimited = filter.job !== undefined || filter.rule !== undefined;
  return emptyState(
    'clock',
    isLimited ? 'No such alerts' : 'No alerts yet',
    'Rules of a job send alerts of what it detects. Give it some with ',
    element('code', {}, 'vidette detect --alerts'),
    '.',
  );
}
