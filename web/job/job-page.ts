import type { JobDetails } from '../../api/types.js';
import { createPalette } from '../../domain/result/class-colours.js';
import { streamProgress, streamRows } from '../api/job-streams.js';
import { getJob, isClosed, type Row } from '../api/jobs.js';
import { isTemporary, messageOf, RequestError } from '../api/request.js';
import { getClasses } from '../api/system.js';
import { element } from '../dom.js';
import { titleOf } from '../jobs/job-text.js';
import { showMessage } from '../parts/messages.js';
import { errorState, loadingState } from '../parts/states.js';
import type { Page } from '../router.js';
import { endNotice } from './end-notice.js';
import { createFrameIndex } from './frame-index.js';
import { jobHead, type JobHead } from './job-head.js';
import { jobView } from './job-view.js';
import { type Moment, parseMoment } from './moment.js';
import { showResult } from './show-result.js';
import { videoSource } from './video-source.js';

/** Page of a job: video with boxes, timeline, frames and downloads. */
export const jobPage: Page = async (target, signal, eventId, query) => {
  const job = await findJob(target, eventId, signal);
  if (!job) return;
  const head = await jobHead(job);
  const showJob = (now: JobDetails) => {
    document.title = `${titleOf(now)} · Vidette`;
    head.showJob(now);
  };
  showJob(job);
  const notice = element('div', {});
  const stage = element('div', {}, loadingState('Loading the video'));
  target.replaceChildren(head.root, notice, stage);
  const ended = isClosed(job) ? Promise.resolve(job) : follow(job, signal, head);
  const onEnd = async () => {
    const closed = await ended;
    showJob(closed);
    notice.replaceChildren(...endNotice(closed));
    return closed;
  };
  const end = onEnd();
  end.catch((error: unknown) => {
    if (!signal.aborted) showMessage(messageOf(error), 'error');
  });
  await showFrames(job, { stage, ended: end, moment: parseMoment(query), showJob, signal });
};

/** Reads a job; if it does not exist, shows that and returns undefined. */
async function findJob(
  target: HTMLElement,
  eventId: string,
  signal: AbortSignal,
): Promise<JobDetails | undefined> {
  try {
    return await getJob(eventId, signal);
  } catch (error) {
    const isMissing = error instanceof RequestError && error.problem?.status === 404;
    if (!isMissing) throw error;
    const action = element('a', { class: 'btn btn-outline-primary', href: '#/jobs' }, 'All jobs');
    const message = `There is no job with the id “${eventId}”. Check the spelling.`;
    target.replaceChildren(errorState(message, undefined, { title: 'Job not found', action }));
    return undefined;
  }
}

/** Shows progress until the job ends. @returns the ended job */
async function follow(
  { event_id }: JobDetails,
  signal: AbortSignal,
  { showProgress }: JobHead,
): Promise<JobDetails> {
  for await (const now of streamProgress(event_id, signal)) showProgress(now);
  return getJob(event_id, signal);
}

interface ShowFrames {
  readonly stage: HTMLElement;
  readonly ended: Promise<JobDetails>;
  readonly moment: Moment;
  /** Shows the job again once more of it is known. */
  readonly showJob: (job: JobDetails) => void;
  readonly signal: AbortSignal;
}

/** Shows the video once it is playable, frames as they arrive, and the result once the job ends. */
async function showFrames(
  job: JobDetails,
  { stage, ended, moment, showJob, signal }: ShowFrames,
): Promise<void> {
  const eventId = job.event_id;
  let closed: JobDetails | undefined;
  const early = ended.then((job) => {
    closed = job;
    return hasNoFrames(job);
  });
  const ready = videoSource(eventId, {
    ...{ isRunning: () => closed === undefined, signal },
    onWait: (text) => stage.replaceChildren(loadingState(text)),
  });
  const source = await Promise.race([
    ready,
    early.then((none) => (none ? undefined : ready)),
  ]).catch((error: unknown) => {
    if (signal.aborted || isTemporary(error)) throw error;
    return { message: messageOf(error) };
  });
  if (source === undefined) {
    ready.catch(() => undefined); // without frames a missing video is not an error
    return stage.replaceChildren();
  }
  if (typeof source !== 'string') {
    stage.replaceChildren(errorState(source.message, undefined, { title: 'Video unavailable' }));
    await ended;
    return showResult(eventId, { stage, signal });
  }
  const frames = createFrameIndex();
  // A job that has just started has no name and model yet; one whose video is ready does.
  const opened = job.model ? job : await getJob(eventId, signal);
  if (opened !== job) showJob(opened);
  const { model, parameters } = opened;
  const view = jobView({
    ...{ eventId, url: source, frames, moment, signal },
    colourOf: createPalette(await getClasses(model, signal)),
    jobConfidence: parameters?.conf ?? 0,
  });
  stage.replaceChildren(view.root);
  const rows = readRows(eventId, signal, (row) => {
    frames.add(row);
    view.update();
  });
  await ended;
  await showResult(eventId, { stage, signal, view });
  await rows;
}

/** Whether a job ended before its first frame was processed. */
const hasNoFrames = ({ result, progress }: JobDetails) =>
  result === null && (progress?.frames_done ?? 0) === 0;

async function readRows(
  eventId: string,
  signal: AbortSignal,
  onRow: (row: Row) => void,
): Promise<void> {
  try {
    for await (const row of streamRows(eventId, signal)) onRow(row);
  } catch (error) {
    if (!signal.aborted) showMessage(messageOf(error), 'error');
  }
}
