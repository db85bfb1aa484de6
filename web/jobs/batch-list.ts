import type { Batch } from '../../api/types.js';
import { getBatch, listBatches } from '../api/batches.js';
import { element } from '../dom.js';
import { replaceKeepingFocus } from '../parts/keep-focus.js';
import { batchRow } from './batch-row.js';
import { keepCurrent } from '../parts/keep-current.js';

/** Number of batches that are shown at first, and that are added by the button. */
const FIRST = 3;
const MORE = 10;
/** Maximum number of batches that are shown, each of which is counted at every read. */
const MAX = 53;

interface BatchList {
  readonly root: HTMLElement;
  readonly refresh: () => void;
}

interface BatchListOptions {
  /** Shows this batch only. */
  readonly batchId: string | undefined;
  /** Called when the user has changed jobs of a batch. */
  readonly onChanged: () => void;
  readonly signal: AbortSignal;
}

/** List of the newest batches, or of one batch, kept up to date until the page is left. */
export function batchList({ batchId, onChanged, signal }: BatchListOptions): BatchList {
  const root = element('section', { 'aria-label': 'List of batches' });
  let limit = FIRST;
  let shown = '';
  const changed = () => {
    void refresh();
    onChanged();
  };
  const rows = createBatchRows(changed);
  const refresh = async () => {
    const read = async () =>
      batchId === undefined
        ? listBatches(limit, signal)
        : { batches: [await getBatch(batchId, signal)], next: null };
    const page = await read().catch(() => undefined); // the list of jobs reports the error
    const state = JSON.stringify(page);
    if (!page || state === shown) return;
    shown = state;
    const list = element('ul', { class: 'job-list card' }, ...rows(page.batches));
    const hasMore = page.next !== null && limit < MAX;
    const content = page.batches.length > 0 ? [list, ...(hasMore ? [moreButton()] : [])] : [];
    replaceKeepingFocus(root, content, 'data-batch');
  };
  const moreButton = () => {
    const onclick = () => {
      limit += MORE;
      void refresh();
    };
    return element('button', { class: 'btn btn-outline-secondary more', onclick }, 'Older batches');
  };
  keepCurrent(refresh, signal);
  return { root, refresh: () => void refresh() };
}

/** Creates a function that draws batches; the row of a batch that did not change is kept. */
function createBatchRows(onChanged: () => void): (batches: readonly Batch[]) => HTMLElement[] {
  const drawn = new Map<string, { readonly state: string; readonly row: HTMLElement }>();
  const draw = (batch: Batch) => {
    const state = JSON.stringify(batch);
    const known = drawn.get(batch.batch_id);
    if (known?.state === state) return known.row;
    const row = batchRow(batch, onChanged);
    drawn.set(batch.batch_id, { state, row });
    return row;
  };
  return (batches) => batches.map(draw);
}
