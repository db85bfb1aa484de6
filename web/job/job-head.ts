import type { JobDetails, JobProgress } from '../../api/types.js';
import { cancelJob, isClosed, rerunJob } from '../api/jobs.js';
import { messageOf } from '../api/request.js';
import { element, fill, icon } from '../dom.js';
import { jobProgressBar } from '../jobs/job-progress.js';
import { temporalLink } from '../jobs/temporal-link.js';
import { getTemporalUi, type TemporalUi } from '../jobs/workflow-url.js';
import { confirmCancel } from '../parts/confirm-cancel.js';
import { showMessage } from '../parts/messages.js';
import { statusBadge } from '../parts/status-badge.js';

export interface JobHead {
  readonly root: HTMLElement;
  /** Shows status and actions of a job. */
  readonly showJob: (job: JobDetails) => void;
  readonly showProgress: (progress: JobProgress) => void;
}

/** Header of the job page: name, status, progress and actions. */
export async function jobHead(job: JobDetails): Promise<JobHead> {
  const ui = await getTemporalUi();
  const progress = jobProgressBar('Progress');
  const badge = element('div', {});
  const actions = element('div', { class: 'job-actions' });
  const showProgress = (now: JobProgress) => {
    fill(badge, statusBadge(now.status));
    progress.showProgress(now);
  };
  const showJob = (now: JobDetails) => {
    fill(actions, ...actionsOf(now, ui));
    fill(badge, statusBadge(now.status));
    progress.showStatus(now);
  };
  progress.root.classList.add('job-progress');
  if (job.progress) showProgress(job.progress);
  showJob(job);
  const root = element(
    'div',
    {},
    element('a', { class: 'back-link', href: '#/jobs' }, icon('back'), 'Jobs'),
    element(
      'div',
      { class: 'job-title' },
      element('h1', { class: 'text-break' }, job.video_id ?? job.event_id),
      badge,
      actions,
    ),
    element('p', { class: 'text-body-secondary text-break small' }, job.event_id),
    progress.root,
  );
  return { root, showJob, showProgress };
}

function actionsOf(job: JobDetails, ui: TemporalUi | undefined) {
  return [
    isClosed(job) ? rerunButton(job.event_id) : cancelButton(job.event_id),
    temporalLink(ui, job),
  ];
}

const SMALL_BUTTON = { class: 'btn btn-sm btn-outline-secondary' };

/** Button that cancels a job after confirmation, and shows that until the job has ended. */
function cancelButton(eventId: string): HTMLElement {
  const button = element('button', SMALL_BUTTON, 'Cancel');
  const cancel = async () => {
    if (!(await confirmCancel())) return;
    button.disabled = true;
    fill(button, 'Cancelling …');
    try {
      await cancelJob(eventId);
    } catch (error) {
      button.disabled = false;
      fill(button, 'Cancel');
      showMessage(messageOf(error), 'error');
    }
  };
  button.addEventListener('click', () => void cancel());
  return button;
}

function rerunButton(eventId: string): HTMLElement {
  const button = element('button', SMALL_BUTTON, 'Run again');
  const rerun = async () => {
    button.disabled = true;
    try {
      const { event_id } = await rerunJob(eventId, {});
      location.hash = `#/job/${encodeURIComponent(event_id)}`;
    } catch (error) {
      button.disabled = false;
      showMessage(messageOf(error), 'error');
    }
  };
  button.addEventListener('click', () => void rerun());
  return button;
}
