import { element } from '../dom.js';

const EFFECTS = {
  job: 'The job stops immediately. Everything detected so far is kept.',
  batch: 'Its running jobs stop immediately, and no others start. Everything detected is kept.',
} as const;

/** Asks the user to confirm that a job or a batch is cancelled. Escape means no. */
export function confirmCancel(what: keyof typeof EFFECTS = 'job'): Promise<boolean> {
  const keep = element(
    'button',
    { class: 'btn btn-outline-secondary', value: 'keep' },
    'Keep running',
  );
  const cancel = element('button', { class: 'btn btn-danger', value: 'cancel' }, `Cancel ${what}`);
  const dialog = element(
    'dialog',
    { class: 'dialog', 'aria-labelledby': 'cancel-title' },
    element(
      'form',
      { method: 'dialog' },
      element('h2', { id: 'cancel-title' }, `Cancel this ${what}?`),
      element('p', {}, EFFECTS[what]),
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
