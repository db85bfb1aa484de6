import { parseArgs } from 'node:util';
import { type JobRequest } from '../domain/job/job-input.js';
import { startExtraWorkers } from './extra-workers.js';
import { warmJob } from './one-clip.js';
import { type OwnStack, withOwnStack } from './own-stack.js';
import { type PipelineRun, runPipeline } from './pipeline.js';
import { median, row } from './report.js';
import { quietly, say } from './say.js';

/** Speed over the lanes of one worker, and over workers of one lane. */

/** Parts that one job's other machines share. */
const COORDINATOR = ['Temporal', 'video worker', 'document store', 'object store'];

function readOptions(args: string[]) {
  return parseArgs({
    args,
    options: {
      clip: { type: 'string' },
      frames: { type: 'string', default: '1500' },
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

/** The run in the middle, by speed. */
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

/** Prints frames per second for workers of so many lanes. */
export async function benchLanes(args: string[]): Promise<void> {
  const options = readOptions(args);
  say(row('lanes', 'frames/s', 'against first', 'CPU ms/frame'));
  let first: number | undefined;
  for (const lanes of countsOf(options)) {
    const variables = { VIDETTE_LANES: String(lanes), VIDETTE_LANE_THREADS: options.threads };
    const work = async (stack: OwnStack) => {
      const { fps, cpuMsPerFrame } = await measure(stack, options, stack.pids);
      first ??= fps;
      const all = cpuMsPerFrame.reduce((sum, [, ms]) => sum + ms, 0);
      say(row(`${lanes}`, fps.toFixed(1), (fps / first).toFixed(2), all.toFixed(1)));
    };
    await withOwnStack(quietly, work, variables);
  }
}

/** Prints frames per second for so many workers of one lane, and what coordinating them costs. */
export async function benchWorkers(args: string[]): Promise<void> {
  const options = readOptions(args);
  say(
    row('detect workers', 'frames/s', 'against first', 'shared ms', 'worker ms', 'fed by a core'),
  );
  let first: number | undefined;
  for (const workers of countsOf(options)) {
    const work = async (stack: OwnStack) => {
      const extra = await startExtraWorkers(stack, workers - 1);
      try {
        const run = await measure(stack, options, [...stack.pids, ...extra.pids]);
        first ??= run.fps;
        say(workersLine(workers, run, first));
      } finally {
        await extra.stop();
      }
    };
    const variables = { VIDETTE_LANES: '1', VIDETTE_LANE_THREADS: options.threads };
    await withOwnStack(quietly, work, variables);
  }
}

/** A core that does nothing but coordinate feeds so many workers as run at the first one's speed. */
function workersLine(workers: number, { fps, cpuMsPerFrame }: PipelineRun, first: number): string {
  const sum = (parts: readonly [string, number][]) => parts.reduce((ms, [, each]) => ms + each, 0);
  const isShared = ([part]: readonly [string, number]) => COORDINATOR.includes(part);
  const shared = sum(cpuMsPerFrame.filter(isShared));
  const own = sum(cpuMsPerFrame.filter((part) => !isShared(part)));
  const fed = 1000 / shared / first;
  const figures = [fps.toFixed(1), (fps / first).toFixed(2), shared.toFixed(2), own.toFixed(1)];
  return row(`${workers}`, ...figures, fed.toFixed(1));
}
