import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Client } from '@temporalio/client';
import { connectClient } from '../adapters/temporal/connection.js';
import { readConfig } from '../config/index.js';
import type { JobRequest } from '../domain/job/job-input.js';
import { VIDEO_QUEUE } from '../domain/job/task-queues.js';
import { VIDEO_DETECTION } from '../domain/names.js';
import { workflowIdOf } from '../domain/workflow-ids.js';
import { startServers } from '../stack/index.js';
import type { CoordinatorTask } from './coordinator-lane.js';
import { cpuOf } from './cpu-meter.js';
import { nextMessage } from './limit.js';
import { print, silently } from './print.js';

const LANE = fileURLToPath(new URL('coordinator-lane.js', import.meta.url));
/** Detect workers that share a process. */
const WORKERS_PER_PROCESS = 8;

function readOptions(args: string[]) {
  const { values } = parseArgs({
    args,
    options: {
      /** Numbers of detect workers and of video workers, each measured with each. */
      workers: { type: 'string', default: '1,8,32' },
      'video-workers': { type: 'string', default: '1,2' },
      jobs: { type: 'string', default: '16' },
      ranges: { type: 'string', default: '100' },
      window: { type: 'string', default: '10' },
      /** Activities that a worker runs at once. */
      slots: { type: 'string', default: '4' },
      'activity-ms': { type: 'string', default: '0' },
      frames: { type: 'string', default: 'none' },
    },
  });
  const numbers = (list: string) => list.split(',').map(Number);
  return {
    workers: numbers(values.workers),
    videoWorkers: numbers(values['video-workers']),
    jobs: Number(values.jobs),
    ranges: Number(values.ranges),
    window: Number(values.window),
    slots: Number(values.slots),
    activityMs: Number(values['activity-ms']),
    frames: values.frames as JobRequest['frames'], // the job checks it
  };
}
type Options = ReturnType<typeof readOptions>;

/** A measured number of workers. */
interface Measured {
  readonly rangesPerSecond: number;
  /** CPU milliseconds per range. */
  readonly cpuMs: { readonly temporal: number; readonly video: number; readonly detect: number };
}

/**
 * Measures how many ranges per second Temporal and the workflows coordinate: the real workflow of jobs
 * on a real server, with workers whose activities do nothing. Prints a table in Markdown.
 */
export async function benchCoordinator(args: string[]): Promise<void> {
  const options = readOptions(args);
  const { jobs, ranges, window, slots, activityMs, frames } = options;
  print(
    `${jobs} jobs of ${ranges} ranges, ${window} in flight, frames: ${frames}, ${slots} slots, activities of ${activityMs} ms; ${cpus().length} cores, load before ${loadavg()[0]!.toFixed(1)}\n`,
  );
  print(
    '| video workers | detect workers | ranges/s | CPU ms per range: Temporal | video workers | detect workers | load |',
  );
  print('| --- | --- | --- | --- | --- | --- | --- |');
  for (const videoWorkers of options.videoWorkers) {
    for (const workers of options.workers) {
      const { rangesPerSecond, cpuMs } = await measure({ ...options, videoWorkers, workers });
      const cells = [cpuMs.temporal, cpuMs.video, cpuMs.detect, loadavg()[0]!];
      const numbers = [rangesPerSecond, ...cells].map((cell) => cell.toFixed(1));
      print(`| ${[videoWorkers, workers, ...numbers].join(' | ')} |`);
    }
  }
}

type Load = Omit<Options, 'workers' | 'videoWorkers'> & {
  readonly workers: number;
  readonly videoWorkers: number;
};

/** Measures one number of workers on a new server. */
async function measure(load: Load): Promise<Measured> {
  const dataDir = await mkdtemp(join(tmpdir(), 'vidette-bench-'));
  const config = { ...readConfig(), dataDir, scratchDir: join(dataDir, 'scratch') };
  const servers = await startServers({ config, onStep: silently });
  const { temporal } = readConfig({ ...servers.settings });
  const lanes = startLanes(load, temporal);
  try {
    const { client, connection } = await connectClient(temporal);
    await Promise.all(lanes.map(({ lane }) => nextMessage(lane)));
    await runJobs(client, load, 'warm-up', 1);
    const pidsOf = (role: string) =>
      lanes.flatMap(({ task, lane }) => (task.role === role ? (lane.pid ?? []) : []));
    const seconds = () => ({
      temporal: secondsOf([servers.pids().temporal ?? 0]),
      video: secondsOf(pidsOf('video')),
      detect: secondsOf(pidsOf('detect')),
    });
    const before = seconds();
    const elapsed = await runJobs(client, load, 'job', load.jobs);
    const after = seconds();
    await connection.close();
    const ranges = load.jobs * load.ranges;
    const perRange = (part: keyof typeof before) => (1000 * (after[part] - before[part])) / ranges;
    const [video, detect] = [perRange('video'), perRange('detect')];
    return {
      rangesPerSecond: ranges / elapsed,
      cpuMs: { temporal: perRange('temporal'), video, detect },
    };
  } finally {
    await Promise.all(lanes.map(stopLane));
    await servers.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

const secondsOf = (pids: readonly number[]) =>
  Object.values(cpuOf(pids)).reduce((sum, each) => sum + each, 0);

interface Lane {
  readonly task: CoordinatorTask;
  readonly lane: ReturnType<typeof fork>;
}

/** Starts a process for each video worker, and for each eight detect workers. */
function startLanes(
  { workers, videoWorkers, slots, ranges, window, activityMs }: Load,
  { address, namespace }: { readonly address: string; readonly namespace: string },
): readonly Lane[] {
  const shared = { address, namespace, slots, ranges, window, activityMs };
  const tasks: CoordinatorTask[] = Array.from({ length: videoWorkers }, () => ({
    ...{ ...shared, role: 'video' as const, workers: 1 },
  }));
  for (let left = workers; left > 0; left -= WORKERS_PER_PROCESS) {
    tasks.push({ ...shared, role: 'detect', workers: Math.min(left, WORKERS_PER_PROCESS) });
  }
  return tasks.map((task) => {
    const lane = fork(LANE, {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    lane.send(task);
    return { task, lane };
  });
}

async function stopLane({ lane }: Lane): Promise<void> {
  if (lane.exitCode !== null || !lane.connected) return;
  const exited = once(lane, 'exit');
  lane.send('stop');
  await exited;
}

/** Runs jobs at once; returns the seconds from their start to the end of the last one. */
async function runJobs(client: Client, { frames }: Load, name: string, count: number) {
  const start = performance.now();
  const jobs = Array.from({ length: count }, (_, i) => {
    const event_id = `${name}-${i}`;
    const request: JobRequest = { video_id: 'bench', event_id, frames, device: 'cpu' };
    return client.workflow.execute(VIDEO_DETECTION, {
      ...{ taskQueue: VIDEO_QUEUE, workflowId: workflowIdOf(event_id), args: [request] },
    });
  });
  await Promise.all(jobs);
  return (performance.now() - start) / 1000;
}
