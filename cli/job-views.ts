import cliProgress from 'cli-progress';
import type { JobProgress } from '../client/index.js';
import type { JobStatus } from '../domain/job/job-status.js';
import { formatCounts } from './format.js';
import type { Output } from './output.js';
import {
  BAR_OPTIONS,
  barOf,
  createLines,
  isQuiet,
  progressLine,
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

/** @param total number of jobs */
export function createJobViews(
  out: Output,
  total: number,
  isTerminal = process.stderr.isTTY,
): JobViews {
  const bars = isTerminal && !isQuiet(out) ? createBars(total) : undefined;
  const closed: string[] = [];
  const counts = () =>
    formatCounts([...closed, ...Array.from({ length: total - closed.length }, () => 'waiting')]);
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

function createBars(total: number) {
  const multi = new cliProgress.MultiBar({
    ...BAR_OPTIONS,
    format: (options, { progress }, { text }: Payload) => `${barOf(options, progress)} ${text}`,
  });
  const all = multi.create(total, 0, { text: '' });
  return {
    showTotal: (closed: number, text: string) => all.update(closed, { text }),
    add: (name: string): ProgressView => {
      const bar = multi.create(1, 0, { text: name });
      return {
        update: (job: JobProgress) => {
          bar.setTotal(Math.max(1, job.frames_total));
          bar.update(job.frames_done, { text: `${name}: ${progressLine(job)}` });
        },
        stop: () => multi.remove(bar),
      };
    },
    stop: () => multi.stop(),
  };
}
