import type { JobDetails, JobProgress } from '../../api/types.js';
import { cancelJob, isClosed, jobPageHash } from '../api/jobs.js';
import { messageOf } from '../api/request.js';
import { type Child, element, fill, icon } from '../dom.js';
import { formatAgo, formatClock, formatDate, joinFacts } from '../format.js';
import { jobProgressBar } from '../jobs/job-progress.js';
import { describeOptions, describeWork, titleOf } from '../jobs/job-text.js';
import { showCompareDialog } from '../jobs/compare-dialog.js';
import { showDeriveDialog } from '../jobs/derive-dialog.js';
import { showRerunDialog } from '../jobs/rerun-dialog.js';
import { temporalLink } from '../jobs/temporal-link.js';
import { getTemporalUi, type TemporalUi } from '../jobs/workflow-url.js';
import { confirmCancel } from '../parts/confirm-cancel.js';
import { menu } from '../parts/menu.js';
import { showMessage } from '../parts/messages.js';
import { statusBadge } from '../parts/status-badge.js';
import { downloads } from './downloads.js';

export interface JobHead {
  readonly root: HTMLElement;
  /** Shows the duration of the video. */
  readonly showLength: (lengthMs: number) => void;
  /** Shows the button that shares the moment. */
  readonly showShare: (button: HTMLElement) => void;
  /** Offers the result in other formats. */
  readonly showDownloads: () => void;
  /** Shows status and actions of a job. */
  readonly showJob: (job: JobDetails) => void;
  readonly showProgress: (progress: JobProgress) => void;
}

/** Header of the job page: name, status, progress and actions. `showJob` fills it. */
export async function jobHead(job: JobDetails, signal: AbortSignal): Promise<JobHead> {
  const ui = await getTemporalUi();
  const progress = jobProgressBar('Progress');
  const badge = element('div', {});
  const actions = element('div', { class: 'job-tool-group' });
  const share = element('div', { class: 'job-tool-group' });
  const downloadMenu = element('div', { class: 'job-tool-group' });
  const title = element('h1', { class: 'text-break' });
  const facts = element('p', { class: 'job-head-facts' });
  const showProgress = (now: JobProgress) => {
    fill(badge, statusBadge(now.status));
    progress.showProgress(now);
  };
  let shown = job;
  let length: string | undefined;
  const showFacts = () => fill(facts, ...factsOf(shown, length));
  const showJob = (now: JobDetails) => {
    shown = now;
    fill(actions, ...actionsOf(now, ui));
    fill(badge, statusBadge(now.status));
    fill(title, titleOf(now));
    showFacts();
    progress.showStatus(now);
  };
  progress.root.classList.add('job-progress');
  if (job.progress) showProgress(job.progress);
  const root = element(
    'div',
    {},
    element('a', { class: 'back-link', href: '#/jobs' }, icon('back'), 'Jobs'),
    element(
      'div',
      { class: 'job-title' },
      ...[title, badge],
      element('div', { class: 'job-actions' }, actions, share, downloadMenu),
    ),
    facts,
    progress.root,
  );
  return {
    ...{ root, showJob, showProgress },
    showLength: (lengthMs) => {
      length = formatClock(lengthMs / 1000);
      showFacts();
    },
    showShare: (button) => fill(share, button),
    showDownloads: () =>
      fill(downloadMenu, menu('Export', downloads(job.event_id, signal), signal)),
  };
}

/** Length of the video, options, counts and the id of a job. */
function factsOf(job: JobDetails, length: string | undefined): readonly Child[] {
  const options = joinFacts([length, describeOptions(job)]);
  const source = job.parameters?.derived_from;
  return [
    element('span', {}, options),
    job.started_at && startTime(job.started_at),
    element('span', {}, describeWork(job)),
    // Null in events of FerretDB.
    source != null && element('a', { href: jobPageHash(source) }, 'filtered from another job'),
    element('code', {}, job.event_id),
  ];
}

function startTime(iso: string): HTMLElement {
  const ago = formatAgo((Date.now() - Date.parse(iso)) / 1000);
  return element('time', { datetime: iso, title: formatDate(iso) }, ago);
}

function actionsOf(job: JobDetails, ui: TemporalUi | undefined) {
  const main = isClosed(job)
    ? startButton('Run again with …', () => showRerunDialog(job))
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
