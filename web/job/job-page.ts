import type { JobDetails } from '../../api/types.js';
import { streamProgress } from '../api/job-streams.js';
import { getJob, isClosed } from '../api/jobs.js';
import { messageOf, RequestError } from '../api/request.js';
import { element } from '../dom.js';
import { titleOf } from '../jobs/job-text.js';
import { showMessage } from '../parts/messages.js';
import { loadingState, notFoundState } from '../parts/states.js';
import type { Page } from '../router.js';
import { endNotice } from './end-notice.js';
import { jobHead, type JobHead } from './job-head.js';
import { parseMoment } from './moment.js';
import { showFrames } from './show-frames.js';

/** Page of a job: video with boxes, timeline, frames and downloads. */
export const jobPage: Page = async (target, signal, eventId, query) => {
  const job = await findJob(target, eventId, signal);
  if (!job) return;
  const head = await jobHead(job, signal);
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
  await showFrames(job, {
    ...{ stage, ended: end, moment: parseMoment(query), showJob, head, signal },
  });
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
    const message = `The job “${eventId}” does not exist. Check the spelling.`;
    target.replaceChildren(notFoundState('Job', message, { href: '#/jobs', text: 'All jobs' }));
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
