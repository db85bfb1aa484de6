import type { Rescoring } from '../../api/types.js';
import { cancelRescoring, deleteRescoring } from '../api/rescorings.js';
import { messageOf } from '../api/request.js';
import { type Child, element } from '../dom.js';
import { confirmCancel } from '../parts/confirm-cancel.js';
import { confirm } from '../parts/confirm.js';
import { showMessage } from '../parts/messages.js';

/** What can be done with a rescoring: cancel it while it runs, or delete it. */
export function rescoringActions(
  { rescore_id, status }: Rescoring,
  onChanged: () => void,
): readonly Child[] {
  const cancel = async () => {
    if (await confirmCancel('rescoring')) await cancelRescoring(rescore_id);
    onChanged();
  };
  const remove = async () => {
    if (!(await confirmDeletion())) return;
    await deleteRescoring(rescore_id);
    location.hash = '#/rescorings';
  };
  return [
    status === 'processing' && actionButton('Cancel', cancel),
    actionButton('Delete', remove),
  ];
}

function actionButton(text: string, act: () => Promise<void>): HTMLElement {
  const onclick = () => {
    act().catch((error: unknown) => showMessage(messageOf(error), 'error'));
  };
  return element('button', { class: 'btn btn-sm btn-outline-secondary', onclick }, text);
}

const confirmDeletion = () =>
  confirm({
    title: 'Delete this rescoring?',
    text: 'Its report, its cases and its batches are removed, and it stops if it runs. Its jobs remain.',
    ...{ keep: 'Keep it', action: 'Delete' },
  });
