import type { ImageBatch, ImageBatchPage } from '../../api/types.js';
import { listImageBatches } from '../api/image-batches.js';
import { element, icon } from '../dom.js';
import { keepCurrent } from '../parts/keep-current.js';
import { ENTRY } from '../parts/entry-list.js';
import { redraw } from '../parts/redraw.js';
import { statusBadge } from '../parts/status-badge.js';
import { imageBatchActions, imageBatchProgress } from './image-batch-parts.js';
import { describeImageBatch, imageBatchHash, imageCounts } from './image-batch-text.js';

/** Number of batches that are shown at first, and that are added by the button. */
const FIRST = 3;
const MORE = 10;

/** List of the newest batches of images, kept up to date until the page is left. */
export function imageBatchList(signal: AbortSignal): HTMLElement {
  const root = element('section', { 'aria-label': 'List of batches of images' });
  let limit = FIRST;
  const refresh = async () => {
    // The list of jobs reports the error of an unavailable API.
    const page = await listImageBatches(limit, signal).catch(() => undefined);
    if (page) draw(page);
  };
  const changed = () => void refresh();
  const more = () => {
    limit += MORE;
    void refresh();
  };
  const draw = redraw(root, ({ batches, next }: ImageBatchPage) => {
    if (batches.length === 0) return [];
    const rows = batches.map((batch) => batchRow(batch, changed));
    const list = element('ul', { class: 'job-list card' }, ...rows);
    return next === null ? [list] : [list, moreButton(more)];
  });
  keepCurrent(refresh, signal);
  return root;
}

function moreButton(onclick: () => void): HTMLElement {
  const attributes = { class: 'btn btn-outline-secondary more', onclick };
  return element('button', attributes, 'Older batches of images');
}

/** Row of a batch: counts, progress, and what can be done with it. */
function batchRow(batch: ImageBatch, onChanged: () => void): HTMLElement {
  const { batch_id, status, error } = batch;
  const attributes = { class: 'job-row', [ENTRY]: batch_id, 'data-status': status };
  return element(
    'li',
    attributes,
    element('div', { class: 'poster' }, icon('image')),
    element(
      'div',
      { class: 'job-name' },
      element('a', { href: imageBatchHash(batch_id), title: batch_id }, imageCounts(batch)),
      element('div', { class: 'job-facts text-break' }, describeImageBatch(batch)),
      error !== null && element('div', { class: 'job-facts text-break' }, error),
      imageBatchProgress(batch),
    ),
    statusBadge(status),
    element('div', { class: 'job-actions' }, ...imageBatchActions(batch, onChanged)),
  );
}
