import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { type NativeConnection, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { DetectActivities, HostActivities, VideoActivities } from '../../activities/index.js';
import type { FrameRange } from '../../domain/video/frame-range.js';
import { type JobInput, parametersOf, parseJobInput } from '../../domain/job/job-input.js';
import { workflowIdOf } from '../../domain/workflow-ids.js';
import { planRanges } from '../../domain/video/plan.js';
import type { Progress } from '../../domain/job/progress.js';
import type { JobOutcome, OpenedEvent } from '../../domain/job/activity-contracts.js';
import { DETECT_QUEUES, hostQueue, VIDEO_QUEUE } from '../../domain/job/task-queues.js';
import { projectFile } from '../../platform/package-root.js';
import { startTemporal, type TestTemporal } from '../support/temporal.js';

const EVERY = 5;
const GOP = 50;
/** Window of a machine with 16 cores; a wide window exceeds the history limits the most. */
const WINDOW = 34;
/** Limits at which Temporal warns; it terminates a run at five times these. */
const EVENTS_MAX = 10_240;
const BYTES_MAX = 10 * 1024 ** 2;
const RUNS_FOR_MS = 280_000;

/** 10 hours at six sampled frames per second; 2.5 hours with four activities per range. */
const JOBS = [
  { id: 'ten-hours', frames: 'none', sampled: 216_000 },
  { id: 'two-and-a-half-hours', frames: 'objects', sampled: 54_000 },
] as const;

type Job = (typeof JOBS)[number];

let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await startTemporal();
});
afterAll(() => temporal?.close());

describe.each(JOBS)('a job of $sampled sampled frames, with frames $frames', (job) => {
  const ranges = rangesOf(job);
  /** Number of times that each range was extracted and detected. */
  const extracted = new Map<number, number>();
  const detected = new Map<number, number>();
  let outcome: JobOutcome;
  let progress: Progress;
  let runs: WorkflowExecutionInfo[];

  beforeAll(async () => {
    const { client, connection, jobs } = temporal;
    const activities = fakeActivities(job, ranges, { extracted, detected });
    const [first, ...others] = await createWorkers(connection, activities);
    const running = others.map((worker) => worker.run());
    await first!.runUntil(async () => {
      const handle = await jobs.start({ video_id: job.id }, job.id);
      outcome = await handle.result();
      progress = await jobs.progress(handle);
    });
    for (const worker of others) worker.shutdown();
    await Promise.all(running);
    runs = await runsOf(client, job.id);
  }, RUNS_FOR_MS);

  it('processes each range exactly once', () => {
    const once = ranges.map(({ index }) => [index, 1]);
    const inOrder = (map: ReadonlyMap<number, number>) => [...map].sort(([a], [b]) => a - b);
    expect(inOrder(detected)).toEqual(once);
    expect(inOrder(extracted)).toEqual(job.frames === 'none' ? [] : once);
  });

  it('keeps its counts and its start time across every continue-as-new', () => {
    expect(runs.length).toBeGreaterThan(1);
    expect(outcome).toMatchObject({ status: 'ready', device: { used: { cpu: job.sampled } } });
    expect(progress).toMatchObject({
      stage: 'done',
      frames_done: job.sampled,
      frames_total: job.sampled,
      objects: ranges.length,
    });
    const firstStart = Math.min(...runs.map(({ startTime }) => startTime.getTime()));
    expect(progress.started_at).toBe(firstStart);
  });

  it('stays within the limits of a Temporal history', () => {
    const events = Math.max(...runs.map(({ historyLength }) => historyLength));
    const bytes = Math.max(...runs.map(({ historySize }) => historySize ?? Infinity));
    console.log(
      `${job.sampled} sampled frames, ${ranges.length} ranges: ${runs.length} runs, ` +
        `the largest history has ${events} events and ${bytes} bytes`,
    );
    expect(events).toBeLessThan(EVENTS_MAX);
    expect(bytes).toBeLessThan(BYTES_MAX);
  });
});

function rangesOf({ sampled }: Job): readonly FrameRange[] {
  const frameCount = sampled * EVERY;
  const keyframes = Array.from({ length: frameCount / GOP }, (_, i) => ({
    frame: i * GOP,
    pts: i,
  }));
  return planRanges({ frameCount, keyframes, every: EVERY, size: { width: 1920, height: 1080 } })
    .ranges;
}

type ScenarioActivity = 'openScenario' | 'changeScenario' | 'closeScenario';

/** Activities of the workflow `VideoDetection`. */
type Activities = Omit<
  VideoActivities,
  | (
      | 'readBatch'
      | 'renderVideo'
      | 'renderClip'
      | 'renderReel'
      | DeletionActivity
      | IndexActivity
      | ScenarioActivity
      | ImageActivity
    )
  | (RetrainActivity | RescoreActivity | PruneActivity)
> &
  HostActivities &
  Omit<DetectActivities, 'predictPictures' | 'evaluateModel'>;
type ImageActivity = 'openImageBatch' | 'listPictures' | 'assembleTable' | 'closeImageBatch';
type RetrainActivity =
  | 'freezeDataset'
  | 'openRetrain'
  | 'judgeModel'
  | 'awaitPromotion'
  | 'publishChallenger'
  | 'closeRetrain'
  | 'registerInMlflow';
type RescoreActivity = 'openRescore' | 'listPast' | 'comparePast';
type PruneActivity = 'pruneRescorings' | 'pruneImageBatches' | 'pruneRetrainings';
type IndexActivity = 'listIndexable' | 'indexJob';
type DeletionActivity = 'endRuns' | 'endedBefore' | 'deleteJobData' | 'deleteRuns' | 'listPrunable';

/** Activities that only count their calls. */
function fakeActivities(
  job: Job,
  ranges: readonly FrameRange[],
  done: Readonly<Record<'extracted' | 'detected', Map<number, number>>>,
): Activities {
  const mark = (map: Map<number, number>, range: number) => {
    map.set(range, (map.get(range) ?? 0) + 1);
    return ranges[range]!.sampled;
  };
  const nothing = () => Promise.resolve();
  const all = { frames: job.sampled, skipped: 0, objects: ranges.length };
  return {
    openEvent: () => Promise.resolve(openedEvent(job)),
    chooseDevice: () => Promise.resolve('cpu'),
    probeVideo: ({ event_id }) => {
      const plan_key = `tables/${event_id}/plan.json`;
      const sampled_frames = job.sampled;
      return Promise.resolve({ plan_key, ranges: ranges.length, sampled_frames });
    },
    extractFrames: ({ range }) => {
      const frames = mark(done.extracted, range);
      return Promise.resolve({ host_queue: hostQueue('fake'), stored: false, frames });
    },
    preprocessFrames: () => Promise.resolve({ frames: 130 }),
    storeFrames: () => Promise.resolve({ frames: 130, bytes: 12_345_678 }),
    detectObjects: ({ range }) => {
      const frames = mark(done.detected, range);
      return Promise.resolve({ frames, skipped: 0, failed: 0, objects: 1, device: 'cpu' });
    },
    deriveRange: () => Promise.reject(new Error('No job here is derived.')),
    dropScratch: nothing,
    checkAlerts: () => Promise.resolve({ due: 0, suppressed: 0 }),
    deliverAlert: nothing,
    trackObjects: () => Promise.resolve({ tracks: 0 }),
    assembleResult: () => Promise.resolve(all),
    notifyWebhook: () => Promise.resolve(),
    closeEvent: nothing,
  };
}

function openedEvent({ id, frames }: Job): OpenedEvent {
  const input: JobInput = parseJobInput({ video_id: id, every: EVERY, frames });
  return {
    event_id: id,
    video_id: id,
    source: { bucket: input.bucket, key: `input/${id}.mp4`, etag: 'e'.repeat(32) },
    parameters: parametersOf(input),
    model: { name: 'yolox_nano', version: 1, sha256: 'f'.repeat(64) },
    rerun_of: null,
    created_at: new Date(0).toISOString(),
    device: { asked: 'auto', use: 'cpu' },
    window: WINDOW,
  };
}

function createWorkers(connection: NativeConnection, activities: Activities): Promise<Worker[]> {
  const options = { connection, activities, maxConcurrentActivityTaskExecutions: 2 * WINDOW };
  const codePath = projectFile('dist/workflow-bundle.js');
  return Promise.all([
    Worker.create({ ...options, taskQueue: VIDEO_QUEUE, workflowBundle: { codePath } }),
    Worker.create({ ...options, taskQueue: hostQueue('fake') }),
    Worker.create({ ...options, taskQueue: DETECT_QUEUES.cpu }),
  ]);
}

/** Returns every run of a job, after visibility lists the last one as closed. */
async function runsOf(client: Client, id: string): Promise<WorkflowExecutionInfo[]> {
  const query = `WorkflowId = "${workflowIdOf(id)}"`;
  const list = async () => {
    const found: WorkflowExecutionInfo[] = [];
    for await (const run of client.workflow.list({ query })) found.push(run);
    return found;
  };
  const isListed = async () =>
    expect((await list()).some(({ status }) => status.name === 'COMPLETED')).toBe(true);
  await vi.waitFor(isListed, { timeout: 60_000, interval: 200 });
  return list();
}
