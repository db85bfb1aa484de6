import cliProgress from 'cli-progress';
import type { Batch, JobProgress } from '../client/index.js';
import { formatJobCounts } from '../domain/job/batch.js';
import { formatSeconds } from './format.js';
import type { Output } from './output.js';
import { BAR_OPTIONS, barOf, createPace, isQuiet } from './progress-view.js';

/** A job in progress. */
export interface RunningJob {
  readonly name: string;
  readonly progress: JobProgress;
}

/** Shows a batch: in a terminal a bar of it and of each running job, else a line for each change. */
export interface BatchView {
  /** Whether it shows running jobs. */
  readonly showsJobs: boolean;
  show(batch: Batch, running: readonly RunningJob[]): void;
  stop(): void;
}

/** @param total number of jobs */
export function createBatchView(
  out: Output,
  total: number,
  isTerminal = process.stderr.isTTY,
): BatchView {
  return isTerminal && !isQuiet(out) ? createBars(total) : createLines(out);
}

function createLines({ step }: Output): BatchView {
  let printed = '';
  return {
    showsJobs: false,
    show: (batch) => {
      const counts = formatJobCounts(batch);
      if (counts !== printed) step(counts);
      printed = counts;
    },
    stop: () => undefined,
  };
}

interface Payload {
  readonly text: string;
}

function createBars(total: number): BatchView {
  const multi = new cliProgress.MultiBar({
    ...BAR_OPTIONS,
    barsize: BAR_SIZE,
    format: (options, { progress }, { text }: Payload) => `${barOf(options, progress)} ${text}`,
  });
  const all = multi.create(total, 0, { text: '' });
  const showJobs = createJobBars(multi);
  return {
    showsJobs: true,
    show: (batch, running) => {
      const { ready, failed, cancelled, deleted } = batch;
      all.update(ready + failed + cancelled + deleted, { text: formatJobCounts(batch) });
      showJobs(running);
    },
    stop: () => multi.stop(),
  };
}

/** Returns a function that shows a bar for each running job, and removes those of others. */
function createJobBars(multi: cliProgress.MultiBar): (running: readonly RunningJob[]) => void {
  const shown = new Map<
    string,
    { bar: cliProgress.SingleBar; pace: ReturnType<typeof createPace> }
  >();
  return (running) => {
    const ids = new Set(running.map(({ progress }) => progress.event_id));
    for (const [id, { bar }] of shown) {
      if (!ids.has(id) && multi.remove(bar)) shown.delete(id);
    }
    const names = running.map(({ name }) => name);
    const width = nameWidth(names, process.stderr.columns);
    for (const { name, progress } of running) {
      const { event_id, frames_done, frames_total } = progress;
      const label = clip(name, width).padEnd(width);
      const job = shown.get(event_id) ?? {
        bar: multi.create(1, 0, { text: label }),
        pace: createPace(),
      };
      shown.set(event_id, job);
      job.bar.setTotal(Math.max(1, frames_total));
      const text = `${label}  ${shortProgress(job.pace(progress, Date.now()))}`;
      job.bar.update(frames_done, { text });
    }
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
