import type { ImageBatch } from '../../api/types.js';
import { cancelImageBatch, imageTableUrl } from '../api/image-batches.js';
import { messageOf } from '../api/request.js';
import { type Child, element } from '../dom.js';
import { confirmCancel } from '../parts/confirm-cancel.js';
import { showMessage } from '../parts/messages.js';
import { progressBar } from '../parts/progress-bar.js';
import { imageProgress, imageShare } from './image-batch-text.js';

const SMALL_BUTTON = 'btn btn-sm btn-outline-secondary';

/** What can be done with a batch: cancel it, or download its table. */
export function imageBatchActions(
  { batch_id, status, table }: ImageBatch,
  onChanged: () => void,
): readonly Child[] {
  const cancel = async () => {
    if (await confirmCancel('image batch')) await cancelImageBatch(batch_id);
  };
  const onclick = () => {
    cancel()
      .catch((error: unknown) => showMessage(messageOf(error), 'error'))
      .finally(onChanged);
  };
  return [
    status === 'processing' &&
      element(
        'button',
        { class: SMALL_BUTTON, 'aria-label': `Cancel ${batch_id}`, onclick },
        'Cancel',
      ),
    table && tableLink(batch_id, table.format),
  ];
}

function tableLink(batchId: string, format: string): HTMLElement {
  const attributes = { class: SMALL_BUTTON, href: imageTableUrl(batchId), download: true };
  const label = `Table of ${batchId}`;
  return element('a', { ...attributes, 'aria-label': label }, `Table (${format})`);
}

/** Progress bar of a batch; hidden unless it runs. */
export function imageBatchProgress(batch: ImageBatch): HTMLElement {
  const progress = progressBar(`Progress of ${batch.batch_id}`);
  progress.root.hidden = batch.status !== 'processing';
  progress.update(imageShare(batch), imageProgress(batch));
  return progress.root;
}
