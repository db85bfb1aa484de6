import { element } from '../dom.js';

/** Asks the user to confirm that a job is cancelled. Escape means no. */
export function confirmCancel(): Promise<boolean> {
  const keep = element(
    'button',
    { class: 'btn btn-outline-secondary', value: 'keep' },
    'Keep running',
  );
  const cancel = element('button', { class: 'btn btn-danger', value: 'cancel' }, 'Cancel job');
  const dialog = element(
    'dialog',
    { class: 'dialog', 'aria-labelledby': 'cancel-title' },
    element(
      'form',
      { method: 'dialog' },
      element('h2', { id: 'cancel-title' }, 'Cancel this job?'),
      element('p', {}, 'The job stops immediately. Everything detected so far is kept.'),
      element('div', { class: 'dialog-buttons' }, keep, cancel),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'cancel');
    });
  });
}
