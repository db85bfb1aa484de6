import type { JobDetails, JobProgress } from '../../api/types.js';
import { cancelJob, rerunJob } from '../api/jobs.js';
import { messageOf } from '../api/request.js';
import { getSystem } from '../api/system.js';
import { element, icon } from '../dom.js';
import { isClosed, progressText } from '../jobs/job-row.js';
import { workflowAddress } from '../jobs/workflow-address.js';
import { tell } from '../parts/messages.js';
import { progressBar } from '../parts/progress-bar.js';
import { statusBadge } from '../parts/status-badge.js';

export interface JobHead {
  readonly root: HTMLElement;
  readonly showProgress: (progress: JobProgress) => void;
}

/** What job it is, how far it is, and what can be done with it. */
export async function jobHead(job: JobDetails): Promise<JobHead> {
  const { temporal_ui, temporal_namespace } = await getSystem();
  const ui = temporal_ui ? { address: temporal_ui, namespace: temporal_namespace } : undefined;
  const address = workflowAddress(ui, job);
  const progress = progressBar('Progress');
  progress.root.hidden = isClosed(job);
  const showProgress = (now: JobProgress) => {
    const { frames_done, frames_total } = now;
    progress.root.hidden = isClosed(now);
    progress.update(frames_total > 0 ? frames_done / frames_total : null, progressText(now));
  };
  if (job.progress) showProgress(job.progress);
  const root = element(
    'div',
    {},
    element('a', { class: 'back-link', href: '#/jobs' }, icon('back'), 'Jobs'),
    element(
      'div',
      { class: 'job-title' },
      element('h1', { class: 'text-break' }, job.video_id ?? job.event_id),
      statusBadge(job.status),
      element('div', { class: 'job-actions' }, action(job), address && temporalLink(address)),
    ),
    element('p', { class: 'text-body-secondary text-break small' }, job.event_id),
    progress.root,
  );
  return { root, showProgress };
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

function action(job: JobDetails): HTMLElement {
  const closed = isClosed(job);
  const button = element(
    'button',
    { class: 'btn btn-sm btn-outline-secondary' },
    closed ? 'Run again' : 'Cancel',
  );
  const act = async () => {
    button.disabled = true;
    try {
      if (closed) location.hash = `#/job/${(await rerunJob(job.event_id)).event_id}`;
      else await cancelJob(job.event_id);
    } catch (error) {
      button.disabled = false;
      tell(messageOf(error), 'error');
    }
  };
  button.addEventListener('click', () => void act());
  return button;
}
