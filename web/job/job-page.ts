import type { JobDetails } from '../../api/types.js';
import { getJob, getSummary, headerOf, progressOf, rowsOf } from '../api/jobs.js';
import { messageOf } from '../api/request.js';
import { element } from '../dom.js';
import { isClosed } from '../jobs/job-row.js';
import { createClassColours } from '../parts/class-colours.js';
import { tell } from '../parts/messages.js';
import { emptyState, errorState, loadingState } from '../parts/states.js';
import type { Page } from '../router.js';
import { downloads } from './downloads.js';
import { facts } from './facts.js';
import { createFrameIndex } from './frame-index.js';
import { jobHead } from './job-head.js';
import { jobView, type JobView } from './job-view.js';
import { videoSource } from './video-source.js';

/** One job: its video with boxes, what was found when, its frames, and its files. */
export const jobPage: Page = async (target, signal, eventId) => {
  const job = await getJob(eventId, signal);
  const head = await jobHead(job);
  const stage = element('div', {}, loadingState('Loading the video'));
  target.replaceChildren(head.root, stage);
  const again = () => jobPage(target, signal, eventId);
  if (!isClosed(job)) void follow(job, signal, head.showProgress, again);
  if (job.status === 'failed') {
    stage.replaceChildren(errorState(job.error?.message ?? 'The job failed.'));
    return;
  }
  await showFrames(job, stage, signal);
};

/** Shows progress until the job ends, and then the page as it is then. */
async function follow(
  { event_id }: JobDetails,
  signal: AbortSignal,
  onProgress: Awaited<ReturnType<typeof jobHead>>['showProgress'],
  onEnd: () => Promise<void> | void,
): Promise<void> {
  try {
    for await (const now of progressOf(event_id, signal)) onProgress(now);
    if (!signal.aborted) await onEnd();
  } catch (error) {
    if (!signal.aborted) tell(messageOf(error), 'error');
  }
}

async function showFrames(job: JobDetails, stage: HTMLElement, signal: AbortSignal): Promise<void> {
  const { event_id: eventId } = job;
  const isRunning = !isClosed(job);
  const address = await videoSource(eventId, {
    ...{ isRunning, signal },
    onWait: () =>
      stage.replaceChildren(
        loadingState(isRunning ? 'Waiting for the video' : 'A preview for browsers is being made'),
      ),
  });
  const frames = createFrameIndex();
  const view = jobView({ eventId, address, frames, colourOf: createClassColours(), signal });
  stage.replaceChildren(view.root);
  const rows = readRows(eventId, signal, (row) => {
    frames.add(row);
    view.update();
  });
  if (isClosed(job)) await showResult(eventId, stage, view, signal);
  await rows;
  if (frames.entries().length === 0 && isClosed(job)) {
    stage.append(emptyState('film', 'No frames', 'The job ended before one was detected.'));
  }
}

async function readRows(
  eventId: string,
  signal: AbortSignal,
  onRow: (row: Parameters<ReturnType<typeof createFrameIndex>['add']>[0]) => void,
): Promise<void> {
  try {
    for await (const row of rowsOf(eventId, signal)) onRow(row);
  } catch (error) {
    if (!signal.aborted) tell(messageOf(error), 'error');
  }
}

async function showResult(
  eventId: string,
  stage: HTMLElement,
  view: JobView,
  signal: AbortSignal,
): Promise<void> {
  const header = await headerOf(eventId, signal);
  if (!header) return;
  view.setFrameSize(header.video.size);
  const summary = await getSummary(eventId, signal);
  stage.prepend(facts(summary));
  const title = element('h2', {}, 'Downloads');
  stage.append(element('section', { class: 'card card-body' }, title, downloads(eventId, signal)));
}
