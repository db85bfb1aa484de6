import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { JobRequest } from '../../domain/job/job-input.js';
import { VIDEO_QUEUE } from '../../domain/job/task-queues.js';
import { VIDEO_BATCH } from '../../domain/names.js';
import { batchWorkflowIdOf } from '../../domain/workflow-ids.js';
import type { VideoBatch } from '../../workflows/index.js';
import { CLIP_KINDS, makeClip } from '../support/clips.js';
import type { JobHandle } from '../support/jobs.js';
import { resetTo } from '../support/reset.js';
import { startStack, type TestStack } from '../support/stack.js';
import { recordHistory } from './record-history.js';

const KIND = CLIP_KINDS.find(({ name }) => name === 'constant rate')!;
/** Clips of two and ten ranges: a job on the long one continues as new and can be interrupted. */
const CLIPS = { short: { ...KIND, frames: 60 }, long: { ...KIND, frames: 1200 } };
const MAX_EVENTS_PER_RUN = 60;
const FRAMES_BEFORE_INTERRUPTION = 100;

let stack: TestStack;
beforeAll(async () => {
  stack = await startStack({ VIDETTE_WINDOW: '4' }, [
    `limit.historyCount.suggestContinueAsNew=${MAX_EVENTS_PER_RUN}`,
  ]);
  for (const [name, kind] of Object.entries(CLIPS)) {
    const path = join(stack.folder, `${name}.mp4`);
    await makeClip(kind, path);
    await stack.putVideo(name, path);
  }
  const text = join(stack.folder, 'text.mp4');
  await writeFile(text, 'This is not a video.');
  await stack.putVideo('text', text);
});
afterAll(() => stack?.close());

function start(event_id: string, video_id: string, frames: JobRequest['frames']) {
  return stack.start({ video_id, event_id, frames, every: 1 });
}

const record = (name: string, { workflowId }: Pick<JobHandle, 'workflowId'>, runId?: string) =>
  recordHistory(stack.client, name, workflowId, runId);

it.each(['objects', 'packed', 'none'] as const)(
  'records a ready job with frames %s',
  async (frames) => {
    const handle = await start(`ready-${frames}`, 'short', frames);
    await handle.result();
    await record(`ready-${frames}`, handle);
  },
);

it('records a cancelled job', async () => {
  const handle = await start('cancelled', 'long', 'objects');
  await stack.reached(handle, FRAMES_BEFORE_INTERRUPTION);
  await handle.cancel();
  await handle.result().catch(() => undefined);
  await record('cancelled', handle);
});

it('records a failed job', async () => {
  const handle = await start('failed', 'text', 'objects');
  await handle.result().catch(() => undefined);
  await record('failed', handle);
});

it('records a job that continued as new', async () => {
  const handle = await start('continued', 'long', 'none');
  await handle.result();
  await record('continued-first', handle, handle.firstExecutionRunId);
  await record('continued-last', handle);
});

it('records a reset job', async () => {
  const handle = await start('reset', 'short', 'none');
  await handle.result();
  const { runId } = await resetTo(stack.client, handle.workflowId, 'last');
  await stack.client.workflow.getHandle(handle.workflowId).result();
  await record('reset', handle, runId);
});

it('records a terminated job', async () => {
  const handle = await start('terminated', 'long', 'none');
  await stack.reached(handle, FRAMES_BEFORE_INTERRUPTION);
  await handle.terminate();
  await record('terminated', handle);
});

it('records a job whose detect worker was killed', async () => {
  const handle = await start('worker-killed', 'long', 'none');
  await stack.reached(handle, FRAMES_BEFORE_INTERRUPTION);
  stack.workers.kill9('detect_worker');
  await handle.result();
  await record('worker-killed', handle, handle.firstExecutionRunId);
});

it('records a batch', async () => {
  const jobs = ['short', 'text'].map((id) => ({ video_id: id, event_id: `batch-${id}` }));
  const options = { frames: 'none' } as const;
  const batch = { batch_id: 'batch', created_at: new Date(), options, priority: null, jobs };
  await stack.documents.batches.insert(batch);
  const handle = await stack.client.workflow.start<typeof VideoBatch>(VIDEO_BATCH, {
    taskQueue: VIDEO_QUEUE,
    workflowId: batchWorkflowIdOf('batch'),
    args: [{ batch_id: 'batch' }],
  });
  expect(await handle.result()).toMatchObject({ total: 2, ready: 1, failed: 1 });
  await record('batch', handle);
});

it('records a job whose frames were lost', async () => {
  const handle = await start('frames-lost', 'short', 'objects');
  const ranges = join(stack.folder, 'scratch/video-worker/ranges/frames-lost');
  const isLost = async () => {
    const { events } = await handle.fetchHistory();
    return (events ?? []).some((event) => {
      const failure = event.activityTaskFailedEventAttributes?.failure;
      return failure?.applicationFailureInfo?.type === 'SCRATCH_LOST';
    });
  };
  while (!(await isLost())) await rm(ranges, { recursive: true, force: true });
  expect(await handle.result()).toMatchObject({ status: 'ready' });
  await record('frames-lost', handle);
});
