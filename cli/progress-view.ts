import cliProgress from 'cli-progress';
import { isClosed } from '../domain/job/job-status.js';
import type { JobProgress } from '../client/index.js';
import { formatSeconds } from './format.js';
import type { Output } from './output.js';

/** Shows a running job: a bar in a terminal, else a line every few seconds. */
export interface ProgressView {
  update(progress: JobProgress): void;
  stop(): void;
}

const LINE_EVERY_MS = 5000;

export function createProgressView(out: Output): ProgressView {
  if (isQuiet(out)) return { update: () => undefined, stop: () => undefined };
  return withPace(process.stderr.isTTY ? createBar() : createLines(out));
}

/** Whether only warnings and errors are shown. */
export function isQuiet({ level }: Output): boolean {
  return level === 'warn' || level === 'error';
}

/** Shows a job with its speed over the last seconds. */
function withPace(view: ProgressView): ProgressView {
  const pace = createPace();
  return {
    update: (progress) => view.update(pace(progress, Date.now())),
    stop: () => view.stop(),
  };
}

/** Options of bars in a terminal. */
export const BAR_OPTIONS = {
  barsize: 24,
  hideCursor: true,
  clearOnComplete: true,
  noTTYOutput: false,
  stream: process.stderr,
  barCompleteChar: '█',
  barIncompleteChar: '░',
};

function createBar(): ProgressView {
  const bar = new cliProgress.SingleBar({
    ...BAR_OPTIONS,
    format: (options, { progress }, { job }: { readonly job: JobProgress }) =>
      `${barOf(options, progress)} ${progressLine(job)}`,
  });
  let isStarted = false;
  return {
    update: (job) => {
      const total = Math.max(1, job.frames_total);
      if (!isStarted) bar.start(total, 0, { job });
      isStarted = true;
      bar.setTotal(total);
      bar.update(job.frames_done, { job });
    },
    stop: () => {
      if (isStarted) bar.stop();
    },
  };
}

export function barOf(
  { barsize = 0, barCompleteString = '', barIncompleteString = '' },
  share: number,
) {
  const full = Math.round(share * barsize);
  return barCompleteString.slice(0, full) + barIncompleteString.slice(0, barsize - full);
}

const PACE_MS = 10_000;

/**
 * Computes speed and remaining time over the last 10 s: the workflow's figures change only when a
 * range is done.
 */
export function createPace(): (progress: JobProgress, nowMs: number) => JobProgress {
  let samples: { readonly atMs: number; readonly done: number }[] = [];
  return (progress, nowMs) => {
    if (progress.stage !== 'detecting') return progress;
    samples = [...samples.filter(({ atMs }) => nowMs - atMs <= PACE_MS), sampleOf(progress, nowMs)];
    const first = samples[0];
    const done = progress.frames_done - (first?.done ?? 0);
    if (!first || done <= 0) return progress;
    const fps = (1000 * done) / (nowMs - first.atMs);
    const left = progress.frames_total - progress.frames_done;
    return { ...progress, fps: Math.round(fps * 10) / 10, eta_s: left / fps };
  };
}

function sampleOf({ frames_done }: JobProgress, atMs: number) {
  return { atMs, done: frames_done };
}

/** Prints a line for each new stage and every 5 s. */
function createLines(out: Output): ProgressView {
  let stage = '';
  let printedAt = 0;
  return {
    update: (progress) => {
      const isDue = progress.stage !== stage || Date.now() - printedAt > LINE_EVERY_MS;
      if (!isDue || isClosed(progress.status)) return;
      stage = progress.stage;
      printedAt = Date.now();
      out.step(progressLine(progress));
    },
    stop: () => undefined,
  };
}

/** @example 'detecting: 120 of 530 frames (22 %), 30.1 frames per second, about 13.6 s left' */
export function progressLine({
  stage,
  frames_done,
  frames_total,
  fps,
  eta_s,
  error,
}: JobProgress): string {
  if (error) return `${stage}: ${error.message}`;
  if (frames_total === 0) return stage;
  const percent = Math.floor((100 * frames_done) / frames_total);
  const speed = fps > 0 ? `, ${fps} frames per second` : '';
  const left =
    eta_s === null || stage !== 'detecting' ? '' : `, about ${formatSeconds(eta_s)} left`;
  return `${stage}: ${frames_done} of ${frames_total} frames (${percent} %)${speed}${left}`;
}
