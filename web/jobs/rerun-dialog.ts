import type { Job } from '../../api/types.js';
import { rerunJob } from '../api/jobs.js';
import { messageOf } from '../api/request.js';
import { element, fill } from '../dom.js';
import { titleOf } from './job-text.js';
import { loadOptions } from './load-options.js';

/**
 * Asks for the options of a rerun, which are those of the job at first, and starts it. The dialog
 * stays open while the API rejects the options.
 * @returns event id of the new job; undefined if the user cancels
 */
export function showRerunDialog(job: Job): Promise<string | undefined> {
  const start = element('button', { class: 'btn btn-primary', disabled: true }, 'Start');
  const cancel = element(
    'button',
    { class: 'btn btn-outline-secondary', type: 'button' },
    'Cancel',
  );
  const errorText = element('p', { class: 'text-danger-emphasis', role: 'alert' });
  const { model, parameters, device } = job;
  const initial = {
    ...(parameters && { parameters }),
    ...(device && { device }),
    ...(model && { model: `${model.name}@${model.version}` }),
  };
  const options = loadOptions(initial, () => (start.disabled = false));
  const form = element(
    'form',
    {},
    element('h2', { id: 'rerun-title' }, `Run ${titleOf(job)} again`),
    options.root,
    errorText,
    element('div', { class: 'dialog-buttons' }, cancel, start),
  );
  const attributes = { class: 'dialog dialog-wide', 'aria-labelledby': 'rerun-title' };
  const dialog = element('dialog', attributes, form);
  let started: string | undefined;
  const rerun = async () => {
    start.disabled = true;
    fill(errorText);
    try {
      started = (await rerunJob(job.event_id, options.read() ?? {})).event_id;
      dialog.close();
    } catch (error) {
      start.disabled = false;
      fill(errorText, messageOf(error));
    }
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void rerun();
  });
  cancel.addEventListener('click', () => dialog.close());
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(started);
    });
  });
}
