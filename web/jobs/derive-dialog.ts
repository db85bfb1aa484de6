import type { Job } from '../../api/types.js';
import { deriveJob, getSummary } from '../api/jobs.js';
import { element } from '../dom.js';
import { classPicker } from '../parts/class-picker.js';
import { field, numberInput } from '../parts/fields.js';
import { showFormDialog } from '../parts/form-dialog.js';
import { titleOf } from './job-text.js';

const HINT =
  'Makes another result from the stored detections, without running the model again. ' +
  'A lower confidence needs another run.';

/**
 * Asks for narrower parameters of a finished job, and starts the job that filters its detections. The
 * dialog stays open while the API rejects them.
 * @returns event id of the new job; undefined if the user cancels
 */
export async function showDeriveDialog(job: Job): Promise<string | undefined> {
  const { conf: minimum = 0, iou: maximum = 1 } = job.parameters ?? {};
  const conf = numberInput({ value: minimum, min: minimum, max: 1, step: 'any' });
  const iou = numberInput({ value: maximum, min: 0, max: maximum, step: 'any' });
  const picker = classPicker([]);
  const { objects_by_class } = await getSummary(job.event_id);
  const found = Object.keys(objects_by_class);
  picker.offer(found);
  picker.root.hidden = found.length === 0;
  const fields = [
    field('Minimum confidence, 0 to 1', conf),
    field('Overlap limit (IoU), 0 to 1', iou),
    picker.root,
  ];
  let started: string | undefined;
  await showFormDialog({
    title: `Filter the detections of ${titleOf(job)}`,
    content: [
      element('p', { class: 'text-body-secondary' }, HINT),
      element('div', { class: 'options-grid' }, ...fields),
    ],
    submit: element('button', { class: 'btn btn-primary' }, 'Start'),
    send: async () => {
      const classes = picker.selected();
      const options = { conf: conf.valueAsNumber, iou: iou.valueAsNumber };
      const request = { ...options, ...(classes.length > 0 && { classes }) };
      started = (await deriveJob(job.event_id, request)).event_id;
    },
  });
  return started;
}
