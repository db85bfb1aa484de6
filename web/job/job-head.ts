import type { JobDetails, JobProgress } from '../../api/types.js';
import { cancelJob, isClosed, jobPageHash } from '../api/jobs.js';
import { messageOf } from '../api/request.js';
import { type Child, element, fill, icon } from '../dom.js';
import { jobProgressBar } from '../jobs/job-progress.js';
import { describeOptions, describeRun, titleOf } from '../jobs/job-text.js';
import { showCompareDialog } from '../jobs/compare-dialog.js';
import { showDeriveDialog } from '../jobs/derive-dialog.js';
import { showRerunDialog } from '../jobs/rerun-dialog.js';
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

/** Header of the job page: name, status, progress and actions. `showJob` fills it. */
export async function jobHead(job: JobDetails): Promise<JobHead> {
  const ui = await getTemporalUi();
  const progress = jobProgressBar('Progress');
  const badge = element('div', {});
  const actions = element('div', { class: 'job-actions' });
  const title = element('h1', { class: 'text-break' });
  const facts = element('p', { class: 'job-head-facts' });
  const showProgress = (now: JobProgress) => {
    fill(badge, statusBadge(now.status));
    progress.showProgress(now);
  };
  const showJob = (now: JobDetails) => {
    fill(actions, ...actionsOf(now, ui));
    fill(badge, statusBadge(now.status));
    fill(title, titleOf(now));
    fill(facts, ...factsOf(now));
    progress.showStatus(now);
  };
  progress.root.classList.add('job-progress');
  if (job.progress) showProgress(job.progress);
  const root = element(
    'div',
    {},
    element('a', { class: 'back-link', href: '#/jobs' }, icon('back'), 'Jobs'),
    element('div', { class: 'job-title' }, title, badge, actions),
    facts,
    progress.root,
  );
  return { root, showJob, showProgress };
}

/** Options, counts and the id of a job. */
function factsOf(job: JobDetails): readonly Child[] {
  const texts = [describeOptions(job), describeRun(job)].filter((text) => text !== '');
  const source = job.parameters?.derived_from;
  return [
    ...texts.map((text) => element('span', {}, text)),
    // Null in events of FerretDB.
    source != null && element('a', { href: jobPageHash(source) }, 'filtered from another job'),
    element('code', {}, job.event_id),
  ];
}

function actionsOf(job: JobDetails, ui: TemporalUi | undefined) {
  const main = isClosed(job)
    ? startButton('Run again', () => showRerunDialog(job))
    : cancelButton(job.event_id);
  return [
    main,
    job.status === 'ready' && startButton('Filter …', () => showDeriveDialog(job)),
    job.result !== null && compareButton(job),
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

function compareButton(job: JobDetails): HTMLElement {
  const button = element('button', SMALL_BUTTON, 'Compare with …');
  button.addEventListener('click', () => showCompareDialog(job));
  return button;
}

/** Button that asks for a new job, and goes to its page when it is started. */
function startButton(text: string, ask: () => Promise<string | undefined>): HTMLElement {
  const button = element('button', SMALL_BUTTON, text);
  const start = async () => {
    try {
      const started = await ask();
      if (started !== undefined) location.hash = jobPageHash(started);
    } catch (error) {
      showMessage(messageOf(error), 'error');
    }
  };
  button.addEventListener('click', () => void start());
  return button;
}
