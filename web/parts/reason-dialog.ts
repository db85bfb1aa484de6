import { type Child, element } from '../dom.js';
import { field } from './fields.js';
import { showFormDialog } from './form-dialog.js';

/** Maximum length of a reason that the API accepts. */
const REASON_MAX = 1500;

interface ReasonDialogOptions {
  /** Question of the dialog. */
  readonly title: string;
  /** Effects of the action. */
  readonly text: Child;
  readonly action: string;
  /** Example of a reason. */
  readonly placeholder: string;
  /** Carries the action out; the dialog shows its error and stays open. */
  readonly send: (reason: string) => Promise<unknown>;
}

/** Asks for a reason and carries out an action. Resolves when the dialog is closed. */
export function showReasonDialog(options: ReasonDialogOptions): Promise<void> {
  const { title, text, action, placeholder, send } = options;
  const reason = element('textarea', {
    ...{ class: 'form-control', rows: 2, required: true, maxlength: REASON_MAX, placeholder },
  });
  return showFormDialog({
    title,
    content: [
      element('p', { class: 'text-body-secondary' }, text),
      field('Reason, for the history', reason),
    ],
    submit: element('button', { class: 'btn btn-primary' }, action),
    send: async () => {
      await send(reason.value.trim());
    },
  });
}
