import type { ModelAlias } from '../../api/types.js';
import { decideRetraining, promoteModel, rollBackModel } from '../api/models.js';
import { showMessage } from '../parts/messages.js';
import { showReasonDialog } from '../parts/reason-dialog.js';

const EFFECT = 'Requests and jobs that name the model without a version use it from then on.';
const CHECK = 'The version must run once first, which takes some seconds.';

/** Asks for a reason and makes a version the champion. Resolves when the dialog is closed. */
export function showPromoteDialog(name: string, version: number): Promise<void> {
  return showReasonDialog({
    title: `Make version ${version} of ${name} the champion?`,
    text: `${EFFECT} ${CHECK}`,
    action: 'Promote',
    placeholder: 'higher accuracy on the night images',
    send: async (reason) => {
      await promoteModel(name, { version, reason });
      showMessage(`Version ${version} of ${name} is the champion.`);
    },
  });
}

/** Asks for a reason and makes the previous champion the champion. Resolves when it is closed. */
export function showRollbackDialog(name: string, champion: ModelAlias): Promise<void> {
  const { version: from, previous } = champion;
  return showReasonDialog({
    title: `Roll ${name} back from version ${from} to ${previous?.version}?`,
    text: `${EFFECT} ${CHECK}`,
    action: 'Roll back',
    placeholder: 'mistakes boats for fish',
    send: async (reason) => {
      const { version } = await rollBackModel(name, { from, reason });
      showMessage(`Version ${version} of ${name} is the champion again.`);
    },
  });
}

/** Asks for a reason and decides about the challenger. Resolves when the dialog is closed. */
export function showDecisionDialog(name: string, version: number, promote: boolean): Promise<void> {
  return showReasonDialog({
    title: promote ? `Promote version ${version} of ${name}?` : `Reject version ${version}?`,
    text: promote ? EFFECT : `Version ${version} stays in the catalogue; the champion is kept.`,
    action: promote ? 'Promote' : 'Reject',
    placeholder: promote ? 'fewer misses on the night images' : 'too few images of salmon',
    send: (reason) => decideRetraining(name, { promote, reason }),
  });
}
