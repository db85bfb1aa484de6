import { ApplicationFailure } from '@temporalio/activity';
import type { WorkflowHandle } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readBatch } from '../../activities/read-batch.js';
import { BATCH_SLICE, BATCH_WINDOW, type BatchTally } from '../../domain/job/batch.js';
import type { OpenedEvent, OpenInput } from '../../domain/job/activity-contracts.js';
import { parseJobInput, parametersOf } from '../../domain/job/job-input.js';
import { VIDEO_QUEUE } from '../../domain/job/task-queues.js';
import { VIDEO_BATCH } from '../../domain/names.js';
import { batchWorkflowIdOf } from '../../domain/workflow-ids.js';
import type { DocumentStore } from '../../domain/ports/document-store.js';
import { projectFile } from '../../platform/package-root.js';
import { createMemoryDocumentStore } from '../support/memory-document-store.js';
import { startTemporal, type TestTemporal } from '../support/temporal.js';

const JOBS = BATCH_SLICE + 20;
const FAILED = 'e70';
/** Number of jobs after which another worker takes over. */
const FIRST_WORKER = 40;

let temporal: TestTemporal;
let documents: DocumentStore;
/** Number of times that each job was opened, and the most jobs that were open at the same time. */
let opened: Map<string, number>;
let mostAtOnce = 0;
/** Jobs whose activity waits until they are removed. */
const held = new Set<string>();

beforeAll(async () => {
  temporal = await startTemporal();
  documents = createMemoryDocumentStore();
  opened = new Map();
});
afterAll(() => temporal?.close());

it('runs each job once, a few at a time, also if its worker is replaced', async () => {
  held.add('e0');
  const handle = await startBatch('long', JOBS, 'e');
  const first = await createWorker();
  await first.runUntil(async () => {
    // Another job may open and finish before the one that is held opens.
    await expect.poll(() => mostAtOnce).toBeGreaterThan(1);
    held.delete('e0');
    await expect.poll(() => opened.size).toBeGreaterThan(FIRST_WORKER);
  });
  expect(opened.size).toBeLessThan(JOBS);
  const second = await createWorker();
  const tally = await second.runUntil(handle.result());
  const none = { cancelled: 0, deleted: 0, joined: 0 };
  expect(tally).toEqual({ total: JOBS, ready: JOBS - 1, failed: 1, ...none });
  expect(opened.size).toBe(JOBS);
  expect(Math.max(...opened.values())).toBe(1);
  expect(mostAtOnce).toBeLessThanOrEqual(BATCH_WINDOW);
  const runs = new Set<string>();
  const query = `WorkflowId = '${batchWorkflowIdOf('long')}'`;
  for await (const { runId } of temporal.client.workflow.list({ query })) runs.add(runId);
  expect(runs.size).toBe(Math.ceil(JOBS / BATCH_SLICE));
});

it('does not wait for a job that runs already', async () => {
  const worker = await createWorker();
  await worker.runUntil(async () => {
    held.add('f0');
    const single = await temporal.jobs.start({ video_id: 'v', event_id: 'f0' });
    await expect.poll(() => opened.has('f0')).toBe(true);
    const batch = await startBatch('joined', 2, 'f');
    expect(await batch.result()).toMatchObject({ total: 2, ready: 1, joined: 1 });
    held.delete('f0');
    expect((await single.result()).status).toBe('ready');
    expect(opened.get('f0')).toBe(1);
  });
});

async function startBatch(
  batch_id: string,
  count: number,
  prefix: string,
): Promise<WorkflowHandle<() => Promise<BatchTally>>> {
  const jobs = Array.from({ length: count }, (_, i) => ({
    ...{ video_id: 'v', event_id: `${prefix}${i}` },
  }));
  const options = { model: 'mock@1' };
  const batch = { batch_id, created_at: new Date(), options, priority: null, jobs };
  await documents.batches.insert(batch);
  return temporal.client.workflow.start(VIDEO_BATCH, {
    taskQueue: VIDEO_QUEUE,
    workflowId: batchWorkflowIdOf(batch_id),
    args: [{ batch_id }],
  });
}

/** Creates a worker that keeps no workflows, so that it replays them on each task. */
function createWorker(): Promise<Worker> {
  return Worker.create({
    connection: temporal.connection,
    taskQueue: VIDEO_QUEUE,
    workflowBundle: { codePath: projectFile('dist/workflow-bundle.js') },
    maxCachedWorkflows: 0,
    activities: {
      readBatch: (input: Parameters<typeof readBatch>[1]) => readBatch({ documents }, input),
      openEvent,
    },
  });
}

let openNow = 0;

/** Opens a job that has been finished before, or fails. */
async function openEvent({ request }: OpenInput): Promise<OpenedEvent> {
  const { event_id = '', ...input } = parseJobInput(request);
  opened.set(event_id, (opened.get(event_id) ?? 0) + 1);
  openNow++;
  mostAtOnce = Math.max(mostAtOnce, openNow);
  do await new Promise((resolve) => setTimeout(resolve, 20));
  while (held.has(event_id));
  openNow--;
  if (event_id === FAILED) throw ApplicationFailure.nonRetryable('no video', 'BAD_VIDEO');
  return finishedEvent(event_id, parametersOf(parseJobInput(input)));
}

function finishedEvent(event_id: string, parameters: OpenedEvent['parameters']): OpenedEvent {
  const model = { name: 'mock', version: 1, sha256: 'f'.repeat(64) };
  const device = { asked: 'auto', used: {} } as const;
  const result = { bucket: 'results', key: `results/${event_id}.json` };
  const counts = { frames: 0, skipped: 0, objects: 0 };
  return {
    ...{ event_id, video_id: 'v', parameters, model, rerun_of: null, window: 1 },
    source: { bucket: 'videos', key: 'input/v.mp4', etag: 'e' },
    created_at: new Date(0).toISOString(),
    device: { asked: 'auto', use: 'cpu' },
    finished: { event_id, video_id: 'v', status: 'ready', ...counts, device, model, result },
  };
}
