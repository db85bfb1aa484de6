import { messageOf } from '../api/request.js';
import { type Child, element, fill } from '../dom.js';

interface FormDialogOptions {
  readonly title: string;
  readonly content: readonly Child[];
  /** Button that sends the form. */
  readonly submit: HTMLButtonElement;
  /** Sends the form; the dialog shows its error and stays open. */
  readonly send: () => Promise<void>;
}

const TITLE_ID = 'form-dialog-title';

/** Shows a dialog with a form, which is closed once the form is sent. Resolves when it is closed. */
export function showFormDialog({ title, content, submit, send }: FormDialogOptions): Promise<void> {
  const cancel = element(
    'button',
    { class: 'btn btn-outline-secondary', type: 'button' },
    'Cancel',
  );
  const errorText = element('p', { class: 'text-danger-emphasis text-break', role: 'alert' });
  const form = element(
    'form',
    {},
    element('h2', { id: TITLE_ID, class: 'text-break' }, title),
    ...content,
    errorText,
    element('div', { class: 'dialog-buttons' }, cancel, submit),
  );
  const attributes = { class: 'dialog dialog-wide', 'aria-labelledby': TITLE_ID };
  const dialog = element('dialog', attributes, form);
  const trySend = async () => {
    submit.disabled = true;
    fill(errorText);
    try {
      await send();
      dialog.close();
    } catch (error) {
      submit.disabled = false;
      fill(errorText, messageOf(error));
    }
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void trySend();
  });
  cancel.addEventListener('click', () => dialog.close());
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve();
    });
  });
}
