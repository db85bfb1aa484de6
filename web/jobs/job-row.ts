import type { Job, JobProgress } from '../../api/types.js';
import { cancelJob, isClosed, jobPageHash } from '../api/jobs.js';
import { messageOf } from '../api/request.js';
import { element } from '../dom.js';
import { confirmCancel } from '../parts/confirm-cancel.js';
import { showMessage } from '../parts/messages.js';
import { statusBadge } from '../parts/status-badge.js';
import { jobPoster } from './job-poster.js';
import { posterPreview } from './poster-preview.js';
import { jobProgressBar } from './job-progress.js';
import { describeOptions, describeRun, titleOf } from './job-text.js';
import { showRerunDialog } from './rerun-dialog.js';
import { temporalLink } from './temporal-link.js';
import type { TemporalUi } from './workflow-url.js';

export interface JobRow {
  readonly root: HTMLElement;
  readonly showProgress: (progress: JobProgress) => void;
}

interface JobRowOptions {
  readonly temporal: TemporalUi | undefined;
  readonly onChanged: () => void;
}

/** Row of the job list: poster, name, options, counts, progress and actions of one job. */
export function jobRow(job: Job, options: JobRowOptions): JobRow {
  const progress = jobProgressBar(`Progress of ${job.event_id}`);
  progress.showStatus(job);
  const href = jobPageHash(job.event_id);
  const poster = jobPoster(job);
  if (job.result !== null) posterPreview(poster, job.event_id);
  const root = element(
    'li',
    { class: 'job-row', 'data-event': job.event_id, 'data-status': job.status },
    poster,
    element(
      'div',
      { class: 'job-name' },
      element('a', { href, title: job.event_id }, titleOf(job)),
      element('div', { class: 'job-facts' }, describeOptions(job)),
      element('div', { class: 'job-facts' }, describeRun(job)),
      job.error && element('div', { class: 'text-danger-emphasis small' }, job.error.message),
      progress.root,
    ),
    statusBadge(job.status),
    element('div', { class: 'job-actions' }, ...actionsOf(job, options)),
  );
  return { root, showProgress: progress.showProgress };
}

function actionsOf(job: Job, { temporal, onChanged }: JobRowOptions) {
  const label = isClosed(job) ? 'Run again' : 'Cancel';
  const button = element('button', { class: 'btn btn-sm btn-outline-secondary' }, label);
  button.setAttribute('aria-label', `${label} ${job.event_id}`);
  const act = async () => {
    try {
      if (isClosed(job)) await showRerunDialog(job);
      else if (await confirmCancel()) await cancelJob(job.event_id);
      onChanged();
    } catch (error) {
      showMessage(messageOf(error), 'error');
    }
  };
  button.addEventListener('click', () => void act());
  return [button, temporalLink(temporal, job)];
}
