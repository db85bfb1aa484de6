import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { VIDEO_QUEUE } from '../../domain/job/task-queues.js';
import { BUCKETS, DELETE_JOB, keys, PRUNE_JOBS } from '../../domain/names.js';
import { deletionWorkflowIdOf } from '../../domain/workflow-ids.js';
import type { DeleteJob, PruneJobs } from '../../workflows/index.js';
import { CLIP_KINDS, makeClip } from '../support/clips.js';
import { startStack, type TestStack } from '../support/stack.js';
import { recordHistory } from './record-history.js';

const CLIP = { ...CLIP_KINDS[0]!, frames: 1200 };
const VIDEO = 'clip';

let stack: TestStack;
beforeAll(async () => {
  stack = await startStack({ VIDETTE_WINDOW: '4' });
  const path = join(stack.folder, 'clip.mp4');
  await makeClip(CLIP, path);
  await stack.putVideo(VIDEO, path);
});
afterAll(() => stack?.close());

const job = (event_id: string, every: number) => ({ video_id: VIDEO, event_id, every }) as const;

function deleteJob(event_id: string, ended_before?: string) {
  return stack.client.workflow.execute<typeof DeleteJob>(DELETE_JOB, {
    taskQueue: VIDEO_QUEUE,
    workflowId: deletionWorkflowIdOf(event_id),
    args: [{ event_id, ...(ended_before !== undefined && { ended_before }) }],
  });
}

it('records the deletion of a finished job', async () => {
  await stack.run(job('deleted', 100));
  expect(await deleteJob('deleted')).toMatchObject({ kept: false, runs: 1 });
  await recordHistory(stack.client, 'deleted', deletionWorkflowIdOf('deleted'));
});

it('records the deletion of a terminated job', async () => {
  const handle = await stack.start(job('deleted-terminated', 1));
  await stack.reached(handle, 100);
  await handle.terminate();
  expect(await deleteJob('deleted-terminated')).toMatchObject({ kept: false, runs: 1 });
  await recordHistory(
    stack.client,
    'deleted-terminated',
    deletionWorkflowIdOf('deleted-terminated'),
  );
});

it('records the deletion of a running job, and one that keeps it', async () => {
  const handle = await stack.start(job('deleted-running', 1));
  await stack.reached(handle, 100);
  const now = new Date().toISOString();
  expect(await deleteJob('deleted-running', now)).toMatchObject({ kept: true });
  await recordHistory(stack.client, 'deletion-kept', deletionWorkflowIdOf('deleted-running'));
  expect(await deleteJob('deleted-running')).toMatchObject({ kept: false });
  await recordHistory(stack.client, 'deleted-running', deletionWorkflowIdOf('deleted-running'));
});

it('records a pruning of jobs and rescorings', async () => {
  const [id, workflowId] = ['pruned', `prune-jobs/${randomUUID()}`];
  const rescoring = { rescore_id: id, created_at: new Date(0).toISOString() };
  await stack.objects.put(BUCKETS.results, keys.rescore(id), JSON.stringify(rescoring));
  const result = await stack.client.workflow.execute<typeof PruneJobs>(PRUNE_JOBS, {
    ...{ taskQueue: VIDEO_QUEUE, workflowId, args: [{ older_than_s: 0, frames_only: false }] },
  });
  expect(result).toMatchObject({ rescorings: 1 });
  await recordHistory(stack.client, 'pruned-rescorings', workflowId);
});

it('records a pruning of all kinds', async () => {
  await stack.run(job('pruned-all', 100));
  const workflowId = `prune-jobs/${randomUUID()}`;
  const result = await stack.client.workflow.execute<typeof PruneJobs>(PRUNE_JOBS, {
    ...{ taskQueue: VIDEO_QUEUE, workflowId, args: [{ older_than_s: 0, frames_only: false }] },
  });
  expect(result).toMatchObject({ rescorings: 0, image_batches: 0, retrainings: 0 });
  await recordHistory(stack.client, 'pruned-all', workflowId);
});

it.each([
  ['pruned-frames', true],
  ['pruned', false],
])('records a pruning: %s', async (name, frames_only) => {
  await stack.run(job(name, 100));
  const workflowId = `prune-jobs/${randomUUID()}`;
  await stack.client.workflow.execute<typeof PruneJobs>(PRUNE_JOBS, {
    ...{ taskQueue: VIDEO_QUEUE, workflowId, args: [{ older_than_s: 0, frames_only }] },
  });
  await recordHistory(stack.client, name, workflowId);
});
