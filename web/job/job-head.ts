import type { JobDetails, JobProgress } from '../../api/types.js';
import { cancelJob, isClosed, rerunJob } from '../api/jobs.js';
import { messageOf } from '../api/request.js';
import { getSystem } from '../api/system.js';
import { element, fill, icon } from '../dom.js';
import { progressText } from '../jobs/job-row.js';
import { type TemporalUi, workflowAddress } from '../jobs/workflow-address.js';
import { confirmCancel } from '../parts/confirm-cancel.js';
import { tell } from '../parts/messages.js';
import { progressBar } from '../parts/progress-bar.js';
import { statusBadge } from '../parts/status-badge.js';

export interface JobHead {
  readonly root: HTMLElement;
  /** Shows how a job is now. */
  readonly showJob: (job: JobDetails) => void;
  readonly showProgress: (progress: JobProgress) => void;
}

/** What job it is, how far it is, and what can be done with it. */
export async function jobHead(job: JobDetails): Promise<JobHead> {
  const { temporal_ui, temporal_namespace } = await getSystem();
  const ui = temporal_ui ? { address: temporal_ui, namespace: temporal_namespace } : undefined;
  const progress = progressBar('Progress');
  const badge = element('div', {});
  const actions = element('div', { class: 'job-actions' });
  const showProgress = (now: JobProgress) => {
    const { frames_done, frames_total, status } = now;
    fill(badge, statusBadge(status));
    progress.root.hidden = isClosed(now);
    progress.update(frames_total > 0 ? frames_done / frames_total : null, progressText(now));
  };
  const showJob = (now: JobDetails) => {
    fill(actions, ...actionsOf(now, ui));
    fill(badge, statusBadge(now.status));
    progress.root.hidden = isClosed(now);
  };
  progress.root.classList.add('job-progress');
  progress.update(null, 'waits for its first frames');
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
  const address = workflowAddress(ui, job);
  return [
    isClosed(job) ? rerunButton(job.event_id) : cancelButton(job.event_id),
    address && temporalLink(address),
  ];
}

function temporalLink(href: string): HTMLElement {
  const attributes = { class: 'btn btn-sm btn-outline-secondary', href };
  return element(
    'a',
    { ...attributes, target: '_blank', rel: 'noopener' },
    'Temporal ',
    icon('external'),
  );
}

const SMALL_BUTTON = { class: 'btn btn-sm btn-outline-secondary' };

/** Asks first, and says that it is being cancelled until the job has ended. */
function cancelButton(eventId: string): HTMLElement {
  const button = element('button', SMALL_BUTTON, 'Cancel');
  const cancel = async () => {
    if (!(await confirmCancel())) return;
    button.disabled = true;
    fill(button, 'Being cancelled …');
    try {
      await cancelJob(eventId);
    } catch (error) {
      button.disabled = false;
      fill(button, 'Cancel');
      tell(messageOf(error), 'error');
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
      const { event_id } = await rerunJob(eventId);
      location.hash = `#/job/${encodeURIComponent(event_id)}`;
    } catch (error) {
      button.disabled = false;
      tell(messageOf(error), 'error');
    }
  };
  button.addEventListener('click', () => void rerun());
  return button;
}
