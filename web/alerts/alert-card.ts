import type { Alert } from '../../api/types.js';
import { snapshotUrl } from '../api/alerts.js';
import { element, icon } from '../dom.js';
import { formatClock, formatDate } from '../format.js';
import { formatMoment } from '../job/moment.js';
import { describeAlert, describeDelivery, describeSuppression } from './alert-text.js';

/** Colours of the states, which are those of jobs. */
const COLOURS = {
  ...{ sending: 'processing', sent: 'ready', failed: 'failed', suppressed: 'cancelled' },
} as const;

/** Card of an alert: its frame, what was seen when, and what became of it. */
export function alertCard(alert: Alert): HTMLElement {
  const { alert_id, rule, status, created_at, suppressed, deliveries, test } = alert;
  const state = element('span', { class: `status status-${COLOURS[status]}` }, status);
  return element(
    'li',
    { class: 'event-card', 'data-alert': alert_id },
    frameOf(alert),
    element(
      'div',
      { class: 'event-text' },
      element('h2', { class: 'alert-rule' }, test ? 'Test' : rule, ' ', state),
      element('p', { class: 'job-facts' }, describeAlert(alert)),
      element('p', { class: 'job-facts' }, formatDate(created_at)),
      ...deliveries.map((each) =>
        element('p', { class: 'job-facts text-break' }, describeDelivery(each)),
      ),
      suppressed && element('p', { class: 'job-facts' }, describeSuppression(suppressed)),
      momentOf(alert),
    ),
  );
}

function frameOf(alert: Alert): HTMLElement {
  const root = element('div', { class: 'event-image' }, icon('camera'));
  if (!alert.snapshot) return root;
  const alt = `Frame of the alert: ${describeAlert(alert)}`;
  const image = element('img', { src: snapshotUrl(alert), alt, loading: 'lazy' });
  image.addEventListener('error', () => image.remove()); // its job was deleted
  root.append(image);
  return root;
}

/** Link to the moment in the job. */
function momentOf({ event_id, at_ms, rule }: Alert): HTMLElement | undefined {
  if (event_id === null) return undefined;
  const timeS = at_ms / 1000;
  const label = `Show ${formatClock(timeS)} of the job, ${rule}`;
  const attributes = { class: 'btn btn-sm btn-outline-secondary', 'aria-label': label };
  const href = formatMoment(event_id, { timeS });
  return element('a', { ...attributes, href }, icon('play'), ` Show ${formatClock(timeS)}`);
}
