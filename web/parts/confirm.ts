import { element } from '../dom.js';

interface Confirmation {
  /** Question of the dialog. */
  readonly title: string;
  /** Effects of the action. */
  readonly text: string;
  /** Label of the button that does nothing. */
  readonly keep: string;
  /** Label of the button that confirms. */
  readonly action: string;
}

/** Asks the user to confirm an action. Escape means no. */
export function confirm({ title, text, keep, action }: Confirmation): Promise<boolean> {
  const dialog = element(
    'dialog',
    { class: 'dialog', 'aria-labelledby': 'confirm-title' },
    element(
      'form',
      { method: 'dialog' },
      element('h2', { id: 'confirm-title' }, title),
      element('p', {}, text),
      element(
        'div',
        { class: 'dialog-buttons' },
        element('button', { class: 'btn btn-outline-secondary', value: 'keep' }, keep),
        element('button', { class: 'btn btn-danger', value: 'confirm' }, action),
      ),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'confirm');
    });
  });
}
