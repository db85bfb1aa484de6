import type { ImageBatch } from '../../api/types.js';
import { getImageBatch } from '../api/image-batches.js';
import { RequestError } from '../api/request.js';
import { element, fill, icon } from '../dom.js';
import { formatBytes, formatDate, formatPercent } from '../format.js';
import { card } from '../parts/card.js';
import type { Fact } from '../parts/fact-grid.js';
import { keepCurrent } from '../parts/keep-current.js';
import { redraw } from '../parts/redraw.js';
import { notFoundState } from '../parts/states.js';
import { statusBadge } from '../parts/status-badge.js';
import type { Page } from '../router.js';
import { factList } from '../system/facts.js';
import { imageBatchActions, imageBatchProgress } from './image-batch-parts.js';
import { imageCounts, sourceText } from './image-batch-text.js';

const NOT_FOUND = 404;

/** Page of a batch of images: counts, progress, and its table. */
export const imageBatchPage: Page = async (target, signal, batchId) => {
  const body = element('div', {});
  const draw = redraw(body, (batch: ImageBatch) => drawBatch(batch, () => void refresh()));
  const show = async () => draw(await getImageBatch(batchId, signal));
  // The connection strip reports an unavailable API; what was read stays.
  const refresh = () => show().catch(() => undefined);
  try {
    await show();
  } catch (error) {
    if (!(error instanceof RequestError) || error.problem?.status !== NOT_FOUND) throw error;
    const message = `There is no batch of images “${batchId}”.`;
    const link = { href: '#/jobs', text: 'All jobs' };
    return target.replaceChildren(notFoundState('Batch', message, link));
  }
  const back = element('a', { class: 'back-link', href: '#/jobs' }, icon('back'), 'Jobs');
  fill(target, back, body);
  keepCurrent(refresh, signal);
};

function drawBatch(batch: ImageBatch, onChanged: () => void): readonly HTMLElement[] {
  const { batch_id, status, error } = batch;
  const head = element(
    'div',
    { class: 'job-title page-title' },
    element('h1', { class: 'text-break' }, imageCounts(batch)),
    statusBadge(status),
    element('div', { class: 'job-actions' }, ...imageBatchActions(batch, onChanged)),
  );
  const facts = card('Batch of images', factList(factsOf(batch)));
  const problem = error === null ? [] : [element('p', { class: 'alert alert-danger' }, error)];
  document.title = `Batch ${batch_id} · Vidette`;
  return [head, imageBatchProgress(batch), ...problem, facts];
}

function factsOf(batch: ImageBatch): readonly Fact[] {
  const { batch_id, model, conf, max_failed, table, source, created_at, closed_at } = batch;
  return [
    ['Id', element('code', {}, batch_id)],
    ['Images', sourceText(source)],
    ['Model', model],
    ['Minimum confidence', conf],
    ['May fail', formatPercent(max_failed)],
    ['Table', table ? `${table.format}, ${formatBytes(table.size)}` : 'none yet'],
    ['Started', formatDate(created_at)],
    ['Ended', closed_at === null ? 'not yet' : formatDate(closed_at)],
  ];
}
