import type { Job, JobProgress } from '../../api/types.js';
import { cancelJob, isClosed, rerunJob } from '../api/jobs.js';
import { messageOf } from '../api/request.js';
import { element } from '../dom.js';
import { formatDuration, formatDate } from '../format.js';
import { confirmCancel } from '../parts/confirm-cancel.js';
import { showMessage } from '../parts/messages.js';
import { statusBadge } from '../parts/status-badge.js';
import { jobProgressBar } from './job-progress.js';
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

/** Row of the job list: facts, progress and actions of one job. */
export function jobRow(job: Job, { temporal, onChanged }: JobRowOptions): JobRow {
  const progress = jobProgressBar(`Progress of ${job.event_id}`);
  progress.showStatus(job);
  const root = element(
    'li',
    { class: 'job-row', 'data-event': job.event_id, 'data-status': job.status },
    element(
      'div',
      { class: 'job-name' },
      element('a', { href: `#/job/${encodeURIComponent(job.event_id)}` }, job.event_id),
      element('div', { class: 'job-facts' }, factsOf(job)),
      job.error && element('div', { class: 'text-danger-emphasis small' }, job.error.message),
      progress.root,
    ),
    statusBadge(job.status),
    element('div', { class: 'job-actions' }, ...actionsOf(job, temporal, onChanged)),
  );
  return { root, showProgress: progress.showProgress };
}

function factsOf({ model, started_at, seconds, closed_at }: Job): string {
  return [
    started_at && formatDate(started_at),
    model?.name,
    closed_at && seconds !== null && `took ${formatDuration(seconds)}`,
  ]
    .filter(Boolean)
    .join(' · ');
}

function actionsOf(job: Job, temporal: TemporalUi | undefined, onChanged: () => void) {
  const act = (
    label: string,
    work: () => Promise<unknown>,
    confirm = () => Promise.resolve(true),
  ) => {
    const button = element('button', { class: 'btn btn-sm btn-outline-secondary' }, label);
    button.setAttribute('aria-label', `${label} ${job.event_id}`);
    const run = async () => {
      if (!(await confirm())) return;
      button.disabled = true;
      try {
        await work();
        onChanged();
      } catch (error) {
        button.disabled = false;
        showMessage(messageOf(error), 'error');
      }
    };
    button.addEventListener('click', () => void run());
    return button;
  };
  return [
    isClosed(job)
      ? act('Run again', () => rerunJob(job.event_id))
      : act('Cancel', () => cancelJob(job.event_id), confirmCancel),
    temporalLink(temporal, job),
  ];
}
