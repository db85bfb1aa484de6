import type { Job, JobProgress } from '../../api/types.js';
import { cancelJob, isClosed, rerunJob } from '../api/jobs.js';
import { messageOf } from '../api/request.js';
import { element, icon } from '../dom.js';
import { count, duration, moment } from '../format.js';
import { confirmCancel } from '../parts/confirm-cancel.js';
import { tell } from '../parts/messages.js';
import { progressBar } from '../parts/progress-bar.js';
import { statusBadge } from '../parts/status-badge.js';
import { workflowAddress, type TemporalUi } from './workflow-address.js';

export interface JobRow {
  readonly root: HTMLElement;
  readonly showProgress: (progress: JobProgress) => void;
}

export interface JobRowOptions {
  readonly temporal: TemporalUi | undefined;
  readonly onChanged: () => void;
}

/** One job of the list: what it is, how far it is, and what can be done with it. */
export function jobRow(job: Job, { temporal, onChanged }: JobRowOptions): JobRow {
  const progress = progressBar(`Progress of ${job.event_id}`);
  progress.root.hidden = isClosed(job);
  progress.update(null, 'waits for its first frames');
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
  const showProgress = (now: JobProgress) => {
    progress.root.hidden = isClosed(now);
    const { frames_done, frames_total } = now;
    progress.update(frames_total > 0 ? frames_done / frames_total : null, progressText(now));
  };
  return { root, showProgress };
}

/** @example progressText(progress) // 'detecting, 120 of 400 frames, 31.4 fps, 9.0 s left' */
export function progressText(progress: JobProgress): string {
  const { stage, frames_done, frames_total, fps, eta_s, skipped } = progress;
  return [
    stage,
    frames_total > 0 && `${count(frames_done)} of ${count(frames_total)} frames`,
    skipped > 0 && `${count(skipped)} skipped`,
    fps > 0 && `${fps.toFixed(1)} fps`,
    eta_s !== null && eta_s > 0 && `${duration(eta_s)} left`,
  ]
    .filter(Boolean)
    .join(', ');
}

function factsOf({ model, started_at, seconds, closed_at }: Job): string {
  return [
    started_at && moment(started_at),
    model,
    closed_at && seconds !== null && `took ${duration(seconds)}`,
  ]
    .filter(Boolean)
    .join(' · ');
}

function actionsOf(job: Job, temporal: TemporalUi | undefined, onChanged: () => void) {
  const act = (label: string, work: () => Promise<unknown>, may = () => Promise.resolve(true)) => {
    const button = element('button', { class: 'btn btn-sm btn-outline-secondary' }, label);
    button.setAttribute('aria-label', `${label} ${job.event_id}`);
    const run = async () => {
      if (!(await may())) return;
      button.disabled = true;
      try {
        await work();
        onChanged();
      } catch (error) {
        button.disabled = false;
        tell(messageOf(error), 'error');
      }
    };
    button.addEventListener('click', () => void run());
    return button;
  };
  const address = workflowAddress(temporal, job);
  return [
    isClosed(job)
      ? act('Run again', () => rerunJob(job.event_id))
      : act('Cancel', () => cancelJob(job.event_id), confirmCancel),
    address &&
      element(
        'a',
        {
          ...{ class: 'btn btn-sm btn-outline-secondary', href: address },
          ...{ target: '_blank', rel: 'noopener' },
          'aria-label': `Workflow of ${job.event_id} in Temporal`,
        },
        'Temporal ',
        icon('external'),
      ),
  ];
}
