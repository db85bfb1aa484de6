import { parseArgs } from 'node:util';
import { type JobRequest } from '../domain/job/job-input.js';
import { startExtraWorkers } from './extra-workers.js';
import { CLIP_OPTIONS, warmJob } from './one-clip.js';
import { type OwnStack, withOwnStack } from './own-stack.js';
import { type PipelineRun, runPipeline } from './pipeline.js';
import { median, row } from './report.js';
import { print, silently } from './print.js';

/** Measures speed by the number of lanes of one worker, and by the number of one-lane workers. */

/** Parts that all workers of a job share. */
const COORDINATOR = ['Temporal', 'video worker', 'document store', 'object store'];

function readOptions(args: string[]) {
  return parseArgs({
    args,
    options: {
      ...CLIP_OPTIONS,
      counts: { type: 'string', default: '1,2,4' },
      /** Threads of each lane. */
      threads: { type: 'string', default: '1' },
      storage: { type: 'string', default: 'none' },
      runs: { type: 'string', default: '3' },
      model: { type: 'string' },
    },
  }).values;
}

type Options = ReturnType<typeof readOptions>;

/** Returns the run of median speed. */
async function measure(stack: OwnStack, options: Options, pids: readonly number[]) {
  const { storage, model } = options;
  const job = { ...(await warmJob(stack, options)), ...(model && { model }) };
  const request = { ...job, frames: storage as JobRequest['frames'] }; // the job checks it
  const runs: PipelineRun[] = [];
  for (let i = 0; i < Number(options.runs); i++) {
    runs.push(await runPipeline(stack.client, pids, request));
  }
  const middle = median(runs.map(({ fps }) => fps));
  return runs.reduce((a, b) => (Math.abs(b.fps - middle) < Math.abs(a.fps - middle) ? b : a));
}

const countsOf = ({ counts }: Options) => counts.split(',').map(Number);

/** Prints frames per second by the number of lanes. */
export async function benchLanes(args: string[]): Promise<void> {
  const options = readOptions(args);
  print(row('lanes', 'frames/s', 'vs. first', 'CPU ms/frame'));
  let first: number | undefined;
  for (const lanes of countsOf(options)) {
    const variables = { VIDETTE_LANES: String(lanes), VIDETTE_LANE_THREADS: options.threads };
    const work = async (stack: OwnStack) => {
      const { fps, cpuMsPerFrame } = await measure(stack, options, stack.pids);
      first ??= fps;
      const all = cpuMsPerFrame.reduce((sum, [, ms]) => sum + ms, 0);
      print(row(`${lanes}`, fps.toFixed(1), (fps / first).toFixed(2), all.toFixed(1)));
    };
    await withOwnStack(silently, work, variables);
  }
}

/** Prints frames per second by the number of one-lane workers, and the cost of coordination. */
export async function benchWorkers(args: string[]): Promise<void> {
  const options = readOptions(args);
  print(row('detect workers', 'frames/s', 'vs. first', 'shared ms', 'worker ms', 'max per core'));
  let first: number | undefined;
  for (const workers of countsOf(options)) {
    const work = async (stack: OwnStack) => {
      const extra = await startExtraWorkers(stack, workers - 1);
      try {
        const run = await measure(stack, options, [...stack.pids, ...extra.pids]);
        first ??= run.fps;
        print(formatWorkers(workers, run, first));
      } finally {
        await extra.stop();
      }
    };
    const variables = { VIDETTE_LANES: '1', VIDETTE_LANE_THREADS: options.threads };
    await withOwnStack(silently, work, variables);
  }
}

/** `max per core` is the number of workers, at the speed of the first, that one core coordinates. */
function formatWorkers(
  workers: number,
  { fps, cpuMsPerFrame }: PipelineRun,
  first: number,
): string {
  const sum = (parts: readonly [string, number][]) => parts.reduce((ms, [, each]) => ms + each, 0);
  const isShared = ([part]: readonly [string, number]) => COORDINATOR.includes(part);
  const shared = sum(cpuMsPerFrame.filter(isShared));
  const perWorker = sum(cpuMsPerFrame.filter((part) => !isShared(part)));
  const maxWorkers = 1000 / shared / first;
  const figures = [
    fps.toFixed(1),
    (fps / first).toFixed(2),
    shared.toFixed(2),
    perWorker.toFixed(1),
  ];
  return row(`${workers}`, ...figures, maxWorkers.toFixed(1));
}
