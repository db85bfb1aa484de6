import { element } from '../dom.js';

/** Asks whether a job shall be cancelled; resolves to the answer. Escape is a no. */
export function confirmCancel(): Promise<boolean> {
  const keep = element(
    'button',
    { class: 'btn btn-outline-secondary', value: 'keep' },
    'Let it run',
  );
  const cancel = element('button', { class: 'btn btn-danger', value: 'cancel' }, 'Cancel the job');
  const dialog = element(
    'dialog',
    { class: 'dialog', 'aria-labelledby': 'cancel-title' },
    element(
      'form',
      { method: 'dialog' },
      element('h2', { id: 'cancel-title' }, 'Cancel this job?'),
      element('p', {}, 'It stops where it is. What it has detected until then is kept.'),
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
