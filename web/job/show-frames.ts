import type { JobDetails } from '../../api/types.js';
import { createPalette } from '../../domain/result/class-colours.js';
import { pause, waitUntilBack } from '../api/connection.js';
import { streamRows } from '../api/job-streams.js';
import { getJob, type Row } from '../api/jobs.js';
import { isTemporary, messageOf } from '../api/request.js';
import { getClasses } from '../api/system.js';
import { showMessage } from '../parts/messages.js';
import { loadingState } from '../parts/states.js';
import { createFrameIndex } from './frame-index.js';
import type { JobHead } from './job-head.js';
import { type JobView, jobView, type JobViewOptions } from './job-view.js';
import type { Moment } from './moment.js';
import { showResult } from './show-result.js';
import { type VideoState, videoStates } from './video-source.js';

/** Pause before the video is requested again after a temporary error. */
const RETRY_MS = 3000;

interface ShowFramesOptions {
  readonly stage: HTMLElement;
  readonly ended: Promise<JobDetails>;
  readonly moment: Moment;
  /** Shows the job again once more of it is known. */
  readonly showJob: (job: JobDetails) => void;
  readonly head: JobHead;
  readonly signal: AbortSignal;
}

/**
 * Shows the frames of a job as they arrive, with its video once that is playable, and the result once
 * the job ends. Shows nothing for a job that ends without frames.
 */
export async function showFrames(job: JobDetails, options: ShowFramesOptions): Promise<void> {
  const { stage, ended, signal } = options;
  const withoutFrames = new AbortController();
  let isRunning = true;
  const noteEnd = (closed: JobDetails) => {
    isRunning = false;
    if (hasNoFrames(closed)) withoutFrames.abort();
  };
  ended.then(noteEnd, () => undefined); // the page reports the error
  let opened: Promise<OpenedView> | undefined;
  const onRendering = () => void follow().catch(() => undefined); // the page was left
  const state = { isRunning: () => isRunning, onRendering };
  const open = () => (opened ??= openView(job, { ...options, ...state }));
  const show = async (now: VideoState) => {
    if (now.kind === 'missing' && !opened) return stage.replaceChildren(loadingState(now.text));
    const { view, instead } = await open();
    if (now.kind === 'ready') view.setVideo(now.url);
    else view.showWaiting(`${now.text}. ${instead}`);
  };
  const follow = async (): Promise<void> => {
    const both = AbortSignal.any([signal, withoutFrames.signal]);
    try {
      const states = videoStates(job.event_id, { isRunning: () => isRunning, signal: both });
      for await (const now of states) await show(now);
    } catch (error) {
      if (signal.aborted || (isTemporary(error) && !opened)) throw error;
      if (withoutFrames.signal.aborted) return stage.replaceChildren();
      if (isTemporary(error)) return followLater();
      const { view, instead } = await open();
      view.showUnavailable(`Video unavailable: ${messageOf(error)} ${instead}`);
    }
  };
  const followLater = async (): Promise<void> => {
    await pause(RETRY_MS, signal);
    await waitUntilBack(signal);
    return follow();
  };
  await follow();
  const view = await opened;
  await view?.complete;
}

/** Whether a job ended before its first frame was processed. */
const hasNoFrames = ({ result, progress }: JobDetails) =>
  result === null && (progress?.frames_done ?? 0) === 0;

interface OpenedView {
  readonly view: JobView;
  /** What the view shows without a video, for the user. */
  readonly instead: string;
  /** Resolves when all frames and the result are shown. */
  readonly complete: Promise<unknown>;
}

/** Opens the view of a job, which shows its frames as they arrive and its result. */
async function openView(
  job: JobDetails,
  options: ShowFramesOptions & Pick<JobViewOptions, 'isRunning' | 'onRendering'>,
): Promise<OpenedView> {
  const { stage, ended, moment, showJob, head, isRunning, onRendering, signal } = options;
  const eventId = job.event_id;
  const frames = createFrameIndex();
  // A job that has just started has no name and model yet; one whose video is probed does.
  const opened = job.model ? job : await getJob(eventId, signal);
  if (opened !== job) showJob(opened);
  const { model, parameters } = opened;
  const areStored = parameters?.frames !== 'none';
  const view = jobView({
    ...{ eventId, frames, areStored, moment, isRunning, onRendering, signal },
    isTracked: parameters?.tracking ?? false,
    onLength: head.showLength,
    colourOf: createPalette(await getClasses(model, signal)),
    jobConfidence: parameters?.conf ?? 0,
  });
  stage.replaceChildren(view.root);
  head.showShare(view.share);
  const rows = readRows(eventId, signal, (row) => {
    frames.add(row);
    view.update();
  });
  const result = ended.then(() => showResult(eventId, { stage, signal, head, view }));
  const complete = Promise.all([rows, result]);
  complete.catch(() => undefined); // reported where it is awaited
  return { view, complete, instead: describeSubstitute(areStored) };
}

const describeSubstitute = (areStored: boolean) =>
  areStored
    ? 'The stored frames are shown instead.'
    : 'Only the detections are shown, because the job stores no frames.';

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
