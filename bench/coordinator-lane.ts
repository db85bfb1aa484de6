import { setTimeout as sleep } from 'node:timers/promises';
import { NativeConnection, Runtime, Worker, type WorkerOptions } from '@temporalio/worker';
import type {
  Assembled,
  Extracted,
  OpenedEvent,
  OpenInput,
  ProbedEvent,
} from '../domain/job/activity-contracts.js';
import { parametersOf, parseJobInput } from '../domain/job/job-input.js';
import { DETECT_QUEUES, hostQueue, VIDEO_QUEUE } from '../domain/job/task-queues.js';
import type { PartCounts } from '../domain/result/result.js';
import { projectFile } from '../platform/package-root.js';

/** Task of a process that hosts workers whose activities detect and store nothing. */
export interface CoordinatorTask {
  /** `video`: workflows and their activities; `detect`: detection. */
  readonly role: 'video' | 'detect';
  readonly address: string;
  readonly namespace: string;
  /** Number of workers, each with its own pollers. */
  readonly workers: number;
  /** Activities that a worker runs at once. */
  readonly slots: number;
  /** Ranges of each job, and how many of them are in flight. */
  readonly ranges: number;
  readonly window: number;
  /** Time of an activity of a range in milliseconds. */
  readonly activityMs: number;
}

const HOST_ID = 'bench';
const FRAMES_PER_RANGE = 128;

process.once('message', (task: CoordinatorTask) => void host(task));

/** Runs the workers of a task until the next message. */
async function host(task: CoordinatorTask): Promise<void> {
  Runtime.install({ shutdownSignals: [] });
  const stopped = new Promise((resolve) => process.once('message', resolve));
  const started = await Promise.all(optionsOf(task).map((options) => start(task, options)));
  process.send?.('ready');
  await Promise.all(started.map(({ worker }) => worker.runUntil(stopped)));
  await Promise.all(started.map(({ connection }) => connection.close()));
  process.disconnect();
}

type Options = Omit<WorkerOptions, 'connection' | 'namespace'>;

/** Starts a worker with its own connection: one connection has one worker of a task queue. */
async function start({ address, namespace, slots }: CoordinatorTask, options: Options) {
  const connection = await NativeConnection.connect({ address });
  const limits = { maxConcurrentActivityTaskExecutions: slots };
  const worker = await Worker.create({ connection, namespace, ...limits, ...options });
  return { connection, worker };
}

function optionsOf(task: CoordinatorTask): readonly Options[] {
  if (task.role === 'detect') {
    const options = { taskQueue: DETECT_QUEUES.cpu, activities: detectActivities(task) };
    return Array.from({ length: task.workers }, () => options);
  }
  const video = {
    taskQueue: VIDEO_QUEUE,
    activities: videoActivities(task),
    workflowBundle: { codePath: projectFile('dist/workflow-bundle.js') },
    maxCachedWorkflows: 200,
  };
  return [video, { taskQueue: hostQueue(HOST_ID), activities: hostActivities(task) }];
}

function videoActivities({ ranges, window, activityMs }: CoordinatorTask) {
  const counts = { frames: ranges * FRAMES_PER_RANGE, skipped: 0, objects: 0 };
  return {
    openEvent: ({ request }: OpenInput) => openEvent(request, window),
    probeVideo: (): ProbedEvent => ({
      ...{ plan_key: 'tables/bench/plan.json', ranges, sampled_frames: counts.frames },
    }),
    extractFrames: async (): Promise<Extracted> => {
      await sleep(activityMs);
      return { host_queue: hostQueue(HOST_ID), stored: false, frames: FRAMES_PER_RANGE };
    },
    assembleResult: (): Assembled => counts,
    closeEvent: () => undefined,
  };
}

function openEvent(request: unknown, window: number): OpenedEvent {
  const input = parseJobInput(request);
  return {
    ...{ event_id: input.event_id ?? 'bench', video_id: input.video_id, rerun_of: null, window },
    source: { bucket: 'videos', key: 'input/bench.mp4', etag: 'bench' },
    parameters: parametersOf(input),
    model: { name: 'bench', version: 1, sha256: '0'.repeat(64) },
    created_at: new Date().toISOString(),
    device: { asked: 'cpu', use: 'cpu' },
  };
}

function hostActivities({ activityMs }: CoordinatorTask) {
  const wait = () => sleep(activityMs);
  return { preprocessFrames: wait, storeFrames: wait, dropScratch: () => undefined };
}

function detectActivities({ activityMs }: CoordinatorTask) {
  return {
    detectObjects: async (): Promise<PartCounts> => {
      await sleep(activityMs);
      return { frames: FRAMES_PER_RANGE, skipped: 0, objects: 0, failed: 0, device: 'cpu' };
    },
  };
}
