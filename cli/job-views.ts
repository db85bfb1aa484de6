import cliProgress from 'cli-progress';
import type { JobProgress } from '../client/index.js';
import type { JobStatus } from '../domain/job/job-status.js';
import { formatCounts, formatSeconds } from './format.js';
import type { Output } from './output.js';
import {
  BAR_OPTIONS,
  barOf,
  createLines,
  isQuiet,
  type ProgressView,
  withPace,
} from './progress-view.js';

/** Shows several jobs: a bar of each that is followed and one of all in a terminal, else lines. */
export interface JobViews {
  /** Adds a job. */
  add(name: string): ProgressView;
  /** Removes a job that has closed. */
  close(view: ProgressView, status: JobStatus): void;
  stop(): void;
}

/** @param names names of all jobs */
export function createJobViews(
  out: Output,
  names: readonly string[],
  isTerminal = process.stderr.isTTY,
): JobViews {
  const bars = isTerminal && !isQuiet(out) ? createBars(names) : undefined;
  const closed: string[] = [];
  const counts = () =>
    formatCounts([...closed, ...names.slice(closed.length).map(() => 'running')]);
  bars?.showTotal(0, counts());
  return {
    add: (name) => withPace(bars ? bars.add(name) : createLines(out, `${name}: `)),
    close: (view, status) => {
      view.stop();
      closed.push(status);
      if (bars) bars.showTotal(closed.length, counts());
      else out.step(counts());
    },
    stop: () => bars?.stop(),
  };
}

interface Payload {
  readonly text: string;
}

function createBars(names: readonly string[]) {
  const width = nameWidth(names, process.stderr.columns);
  const multi = new cliProgress.MultiBar({
    ...{ ...BAR_OPTIONS, barsize: BAR_SIZE },
    format: (options, { progress }, { text }: Payload) => `${barOf(options, progress)} ${text}`,
  });
  const all = multi.create(names.length, 0, { text: '' });
  return {
    showTotal: (closed: number, text: string) => all.update(closed, { text }),
    add: (name: string): ProgressView => {
      const label = clip(name, width).padEnd(width);
      const bar = multi.create(1, 0, { text: label });
      return {
        update: (job: JobProgress) => {
          bar.setTotal(Math.max(1, job.frames_total));
          bar.update(job.frames_done, { text: `${label}  ${shortProgress(job)}` });
        },
        stop: () => multi.remove(bar),
      };
    },
    stop: () => multi.stop(),
  };
}

const BAR_SIZE = 16;
/** Space for the bar, the progress of a job and the gaps between them. */
const PROGRESS_WIDTH = BAR_SIZE + 46;

/** Returns the width of the names beside bars, which do not wrap. */
export function nameWidth(names: readonly string[], columns = 80): number {
  const longest = Math.max(0, ...names.map(({ length }) => length));
  return Math.min(longest, Math.max(12, columns - PROGRESS_WIDTH));
}

/** Shortens a name in its middle. @example clip('a-long-name.mp4', 9) // 'a-lo….mp4' */
export function clip(name: string, width: number): string {
  if (name.length <= width) return name;
  const end = Math.floor((width - 1) / 2);
  return `${name.slice(0, width - 1 - end)}…${name.slice(name.length - end)}`;
}

/** @example '120 of 530, 30.1 fps, 13.6 s left' */
export function shortProgress({
  stage,
  frames_done,
  frames_total,
  fps,
  eta_s,
  error,
}: JobProgress) {
  if (error) return `${stage}: ${error.message}`;
  if (stage !== 'detecting') return stage;
  const speed = fps > 0 ? `, ${fps} fps` : '';
  const left = eta_s === null ? '' : `, ${formatSeconds(eta_s)} left`;
  return `${frames_done} of ${frames_total}${speed}${left}`;
}
