import { ApplicationFailure } from '@temporalio/activity';
import type { WorkflowHandle } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { DetectActivities, VideoActivities } from '../../activities/index.js';
import type {
  CloseImageBatchInput,
  ImageBatchOutcome,
  ImageBatchProgress,
  OpenedImageBatch,
} from '../../domain/image-batch/image-batch.js';
import { countSlices, placeOfSlice } from '../../domain/image-batch/slices.js';
import { PROGRESS_QUERY } from '../../domain/job/progress.js';
import { DETECT_QUEUES, VIDEO_QUEUE } from '../../domain/job/task-queues.js';
import { PREDICT_BATCH } from '../../domain/names.js';
import { imageBatchWorkflowIdOf } from '../../domain/workflow-ids.js';
import { projectFile } from '../../platform/package-root.js';
import { startTemporal, type TestTemporal } from '../support/temporal.js';

/** Three shards, the last one with one slice. */
const TOTAL = 20_100;
const WINDOW = 4;
const EVENTS_MAX = 1000;

type Activities = Pick<
  VideoActivities,
  'openImageBatch' | 'chooseDevice' | 'listPictures' | 'assembleTable' | 'closeImageBatch'
> &
  Pick<DetectActivities, 'predictPictures'>;

let temporal: TestTemporal;
/** Number of times that each slice was predicted. */
let predicted: Map<number, number>;
let closed: CloseImageBatchInput[];
let atOnce = 0;
let mostAtOnce = 0;
/** Number of images of each slice that fail. */
let failing = 0;
/** Whether slices wait. */
let isHeld = false;

beforeAll(async () => {
  temporal = await startTemporal();
});
beforeEach(() => {
  predicted = new Map();
  closed = [];
  [atOnce, mostAtOnce, failing, isHeld] = [0, 0, 0, false];
});
afterAll(() => temporal?.close());

const BATCH: OpenedImageBatch = {
  ...{ batch_id: 'b', source: { bucket: 'incoming', prefix: 'day/' }, conf: 0.25 },
  model: { name: 'fish', version: 4, sha256: 'a'.repeat(64) },
  ...{ table: 'csv', max_failed: 0.05 },
  ...{ device: { asked: 'auto', use: 'cpu' }, window: WINDOW },
};

const activities: Activities = {
  openImageBatch: () => Promise.resolve(BATCH),
  chooseDevice: () => Promise.resolve('cpu'),
  listPictures: () => Promise.resolve({ total: TOTAL, ignored: 2 }),
  predictPictures: async ({ slice, total }) => {
    mostAtOnce = Math.max(mostAtOnce, ++atOnce);
    predicted.set(slice, (predicted.get(slice) ?? 0) + 1);
    do await new Promise((resolve) => setTimeout(resolve, 20));
    while (isHeld);
    atOnce--;
    const { from, to } = placeOfSlice(total, slice);
    const example = { key: `${slice}.jpg`, error: 'not an image' };
    return { images: to - from, failed: failing, ...(failing > 0 && { example }) };
  },
  assembleTable: () =>
    Promise.resolve({ format: 'csv', bucket: 'results', key: 'batches/b/table.csv', size: 7 }),
  closeImageBatch: (input) => {
    closed.push(input);
    return Promise.resolve();
  },
};

type Handle = WorkflowHandle<() => Promise<ImageBatchOutcome>>;

/** Starts a batch and calls `work` while workers run. */
async function withWorkers<T>(id: string, work: (handle: Handle) => Promise<T>): Promise<T> {
  const { client, connection } = temporal;
  const options = { connection, activities, maxConcurrentActivityTaskExecutions: 2 * WINDOW };
  const codePath = projectFile('dist/workflow-bundle.js');
  const workflows = { ...options, taskQueue: VIDEO_QUEUE, workflowBundle: { codePath } };
  const video = await Worker.create(workflows);
  const detect = await Worker.create({ ...options, taskQueue: DETECT_QUEUES.cpu });
  const handle = await client.workflow.start<() => Promise<ImageBatchOutcome>>(PREDICT_BATCH, {
    ...{ taskQueue: VIDEO_QUEUE, workflowId: imageBatchWorkflowIdOf(id) },
    args: [{ bucket: 'incoming', prefix: 'day/', model: 'fish' }] as never,
  });
  return video.runUntil(detect.runUntil(work(handle)));
}

it('predicts each slice once over several runs with bounded histories', async () => {
  const { outcome, progress } = await withWorkers('long', async (handle) => ({
    outcome: await handle.result(),
    progress: await handle.query<ImageBatchProgress>(PROGRESS_QUERY),
  }));
  const counts = { total: TOTAL, done: TOTAL, failed: 0 };
  expect(outcome).toMatchObject({ batch_id: 'b', ...counts, table: { size: 7 } });
  expect(progress).toMatchObject({ stage: 'done', ...counts });
  expect(closed).toMatchObject([{ status: 'ready', error: null, counts, result: { size: 7 } }]);
  const slices = Array.from({ length: countSlices(TOTAL) }, (_, slice) => slice);
  expect([...predicted].sort(([a], [b]) => a - b)).toEqual(slices.map((slice) => [slice, 1]));
  const histories: number[] = [];
  const query = `WorkflowId = '${imageBatchWorkflowIdOf('long')}'`;
  for await (const run of temporal.client.workflow.list({ query })) {
    histories.push(run.historyLength);
  }
  expect(histories).toHaveLength(3);
  expect(Math.max(...histories)).toBeLessThan(EVENTS_MAX);
  expect(mostAtOnce).toBeLessThanOrEqual(WINDOW);
});

it('fails above max_failed before the end, and names an image', async () => {
  failing = 200;
  const message = /failed \(\d+\.jpg: not an image\); the limit is 1005/;
  const failure = await withWorkers('failing', (handle) => handle.result().catch(causeOf));
  expect(failure).toMatchObject({
    type: 'IMAGES_FAILED',
    message: expect.stringMatching(message) as string,
  });
  expect(predicted.size).toBeLessThan(countSlices(TOTAL));
  expect(closed).toMatchObject([{ status: 'failed', result: null }]);
  expect(closed[0]!.error).toMatch(message);
});

it('closes a batch that is cancelled', async () => {
  isHeld = true;
  await withWorkers('cancelled', async (handle) => {
    await expect.poll(() => predicted.size).toBe(WINDOW);
    await handle.cancel();
    isHeld = false;
    await expect(handle.result()).rejects.toThrow('cancelled');
  });
  expect(closed).toMatchObject([{ status: 'cancelled', error: null, result: null }]);
});

function causeOf(error: unknown): unknown {
  const { cause } = error as { readonly cause: unknown };
  return cause instanceof ApplicationFailure ? cause : error;
}
