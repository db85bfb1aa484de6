import type { Batch } from '../../api/types.js';
import { formatJobCounts } from '../../domain/job/batch.js';
import { batchUrl, cancelBatch, retryBatch } from '../api/batches.js';
import { messageOf } from '../api/request.js';
import { element, icon } from '../dom.js';
import { pluralize } from '../format.js';
import { confirmCancel } from '../parts/confirm-cancel.js';
import { showMessage } from '../parts/messages.js';
import { progressBar } from '../parts/progress-bar.js';
import { statusBadge } from '../parts/status-badge.js';
import { describeBatch, endedShare, retryLabel } from './batch-text.js';

const SMALL_BUTTON = 'btn btn-sm btn-outline-secondary';

/** Row of a batch: the number of its jobs by status, and what can be done with them. */
export function batchRow(batch: Batch, onChanged: () => void): HTMLElement {
  const { batch_id, status, total } = batch;
  const progress = progressBar(`Progress of ${batch_id}`);
  progress.root.hidden = status !== 'processing';
  progress.update(endedShare(batch), '');
  const href = `#/jobs?batch=${encodeURIComponent(batch_id)}`;
  return element(
    'li',
    { class: 'job-row', 'data-batch': batch_id, 'data-status': status },
    element('div', { class: 'poster' }, icon('stack')),
    element(
      'div',
      { class: 'job-name' },
      element('a', { href, title: batch_id }, `Batch of ${pluralize(total, 'video')}`),
      element('div', { class: 'job-facts' }, describeBatch(batch)),
      element('div', { class: 'job-facts batch-counts' }, formatJobCounts(batch)),
      progress.root,
    ),
    statusBadge(status),
    element('div', { class: 'job-actions' }, ...actionsOf(batch, onChanged)),
  );
}

function actionsOf(batch: Batch, onChanged: () => void) {
  const { batch_id, status, ready } = batch;
  const retry = retryLabel(batch);
  const act = (work: () => Promise<unknown>) => () => {
    work()
      .catch((error: unknown) => showMessage(messageOf(error), 'error'))
      .finally(onChanged);
  };
  const cancel = async () => {
    if (await confirmCancel('batch')) await cancelBatch(batch_id);
  };
  return [
    status === 'processing' && actionButton('Cancel', batch_id, act(cancel)),
    retry !== undefined &&
      actionButton(
        retry,
        batch_id,
        act(() => retryBatch(batch_id)),
      ),
    ready > 0 && csvLink(batch_id),
  ];
}

function actionButton(label: string, batchId: string, onclick: () => void): HTMLElement {
  const attributes = { class: SMALL_BUTTON, 'aria-label': `${label} of ${batchId}` };
  return element('button', { ...attributes, onclick }, label);
}

/** Link to the detections of all ready jobs in one file. */
function csvLink(batchId: string): HTMLElement {
  const attributes = { class: SMALL_BUTTON, href: batchUrl(batchId, 'csv'), download: true };
  return element('a', { ...attributes, 'aria-label': `CSV of ${batchId}` }, 'CSV');
}
