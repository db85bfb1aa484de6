import type { Job } from '../../api/types.js';
import { rerunJob } from '../api/jobs.js';
import { element } from '../dom.js';
import { showFormDialog } from '../parts/form-dialog.js';
import { titleOf } from './job-text.js';
import { loadOptions } from './load-options.js';

/**
 * Asks for the options of a rerun, which are those of the job at first, and starts it. The dialog
 * stays open while the API rejects the options.
 * @returns event id of the new job; undefined if the user cancels
 */
export async function showRerunDialog(job: Job): Promise<string | undefined> {
  const start = element('button', { class: 'btn btn-primary', disabled: true }, 'Start');
  const { model, parameters, device } = job;
  const initial = {
    ...(parameters && { parameters }),
    ...(device && { device }),
    ...(model && { model: `${model.name}@${model.version}` }),
  };
  const options = loadOptions(initial, () => (start.disabled = false));
  let started: string | undefined;
  await showFormDialog({
    title: `Run ${titleOf(job)} again`,
    content: [options.root],
    submit: start,
    send: async () => {
      started = (await rerunJob(job.event_id, options.read() ?? {})).event_id;
    },
  });
  return started;
}
