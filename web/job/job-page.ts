import type { JobDetails } from '../../api/types.js';
import { progressOf, rowsOf } from '../api/job-streams.js';
import { getJob, getSummary, headerOf, isClosed } from '../api/jobs.js';
import { messageOf, RequestError } from '../api/request.js';
import { element } from '../dom.js';
import { createClassColours } from '../parts/class-colours.js';
import { tell } from '../parts/messages.js';
import { errorState, loadingState } from '../parts/states.js';
import type { Page } from '../router.js';
import { downloads } from './downloads.js';
import { endNotice } from './end-notice.js';
import { facts } from './facts.js';
import { createFrameIndex } from './frame-index.js';
import { jobHead, type JobHead } from './job-head.js';
import { jobView, type JobView } from './job-view.js';
import { videoSource } from './video-source.js';

/** One job: its video with boxes, what was found when, its frames, and its files. */
export const jobPage: Page = async (target, signal, eventId) => {
  const job = await known(target, eventId, signal);
  if (!job) return;
  const head = await jobHead(job);
  const notice = element('div', {});
  const stage = element('div', {}, loadingState('Loading the video'));
  target.replaceChildren(head.root, notice, stage);
  const ended = isClosed(job) ? Promise.resolve(job) : follow(job, signal, head);
  const onEnd = async () => {
    const closed = await ended;
    head.showJob(closed);
    notice.replaceChildren(...endNotice(closed));
    return closed;
  };
  const end = onEnd();
  end.catch((error: unknown) => {
    if (!signal.aborted) tell(messageOf(error), 'error');
  });
  await showFrames(eventId, { stage, ended: end, signal });
};

/** Undefined when there is no such job, which is told instead. */
async function known(
  target: HTMLElement,
  eventId: string,
  signal: AbortSignal,
): Promise<JobDetails | undefined> {
  try {
    return await getJob(eventId, signal);
  } catch (error) {
    const isMissing = error instanceof RequestError && error.problem?.status === 404;
    if (!isMissing) throw error;
    const way = element('a', { class: 'btn btn-outline-primary', href: '#/jobs' }, 'All jobs');
    const message = `Nobody knows a job with the id “${eventId}”. It may have been misspelt.`;
    target.replaceChildren(errorState(message, undefined, { title: 'There is no such job', way }));
    return undefined;
  }
}

/** Shows progress until the job ends. @returns how it ended. */
async function follow(
  { event_id }: JobDetails,
  signal: AbortSignal,
  { showProgress }: JobHead,
): Promise<JobDetails> {
  for await (const now of progressOf(event_id, signal)) showProgress(now);
  return getJob(event_id, signal);
}

interface ShowFrames {
  readonly stage: HTMLElement;
  readonly ended: Promise<JobDetails>;
  readonly signal: AbortSignal;
}

/** Shows the video as soon as it can be played, frames as they come, and then what is made of them. */
async function showFrames(eventId: string, { stage, ended, signal }: ShowFrames): Promise<void> {
  let closed: JobDetails | undefined;
  const early = ended.then((job) => {
    closed = job;
    return hasNothing(job);
  });
  const source = videoSource(eventId, {
    ...{ isRunning: () => closed === undefined, signal },
    onWait: (text) => stage.replaceChildren(loadingState(text)),
  });
  const address = await Promise.race([
    source,
    early.then((none) => (none ? undefined : source)),
  ]).catch((error: unknown) => {
    if (signal.aborted || isTemporary(error)) throw error;
    return { message: messageOf(error) };
  });
  if (address === undefined) {
    source.catch(() => undefined); // there is nothing that could be shown over it
    return stage.replaceChildren();
  }
  if (typeof address !== 'string') {
    stage.replaceChildren(errorState(address.message, undefined, { title: 'There is no video' }));
    await ended;
    return showResult(eventId, { stage, signal });
  }
  const frames = createFrameIndex();
  const view = jobView({ eventId, address, frames, colourOf: createClassColours(), signal });
  stage.replaceChildren(view.root);
  const rows = readRows(eventId, signal, (row) => {
    frames.add(row);
    view.update();
  });
  await ended;
  await showResult(eventId, { stage, signal, setFrameSize: view.setFrameSize });
  await rows;
}

const isTemporary = (error: unknown) => error instanceof RequestError && error.isTemporary;

/** Whether a job ended before a frame was detected. */
const hasNothing = ({ result, progress }: JobDetails) =>
  result === null && (progress?.frames_done ?? 0) === 0;

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

interface ShowResult extends Pick<ShowFrames, 'stage' | 'signal'> {
  readonly setFrameSize?: JobView['setFrameSize'];
}

/** What the result sums up to, and all its files. */
async function showResult(
  eventId: string,
  { stage, signal, setFrameSize }: ShowResult,
): Promise<void> {
  const header = await headerOf(eventId, signal);
  if (!header) return;
  setFrameSize?.(header.video.size);
  const summary = await getSummary(eventId, signal);
  stage.prepend(facts(summary));
  const title = element('h2', {}, 'Downloads');
  stage.append(element('section', { class: 'card card-body' }, title, downloads(eventId, signal)));
}
