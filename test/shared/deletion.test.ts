import { join } from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { VidetteClient } from '../../client/index.js';
import type { JobRequest } from '../../domain/job/job-input.js';
import { BUCKETS, keys } from '../../domain/names.js';
import { deletionWorkflowIdOf, workflowIdOf } from '../../domain/workflow-ids.js';
import { describeRun } from '../../domain/temporal-runs.js';
import type { DeleteJob } from '../../workflows/index.js';
import { apiAt, type ApiClient } from '../support/api.js';
import { makeClip } from '../support/clips.js';
import { repeatVideo } from '../support/repeat-video.js';
import { connectSharedStack, type SharedConnection } from '../support/shared-stack.js';
import { tracesOf } from '../support/traces.js';
import { clientOf } from '../support/vidette-client.js';

const CLIP = {
  ...{ name: 'deletion', extension: 'mp4', frames: 60 },
  options: ['-c:v', 'libx264', '-preset', 'veryfast', '-g', '30'],
};
const [VIDEO, LONG_VIDEO] = ['deletion-clip', 'deletion-long'];
/** Makes 6000 frames: more than any machine detects before the deletion. */
const REPEATS = 100;
const TERMINATED = 'deletion-terminated';
const RUNS_FOR_MS = 120_000;

let stack: SharedConnection;
let client: VidetteClient;
let api: ApiClient;
/** Takes half a minute, so it starts before the tests. */
let terminatedDeletion: WorkflowHandle<typeof DeleteJob>;
beforeAll(async () => {
  stack = await connectSharedStack();
  client = clientOf(stack);
  api = apiAt(stack.apiUrl);
  const path = join(stack.folder, 'clip.mp4');
  await makeClip(CLIP, path);
  const long = join(stack.folder, 'long.mp4');
  await repeatVideo(path, REPEATS, long);
  await stack.putVideo(VIDEO, path);
  await stack.putVideo(LONG_VIDEO, long);
  terminatedDeletion = await deleteTerminated();
}, RUNS_FOR_MS);
afterAll(() => stack?.close());

/** Starts the deletion of a job that was terminated while its activities were running. */
async function deleteTerminated(): Promise<WorkflowHandle<typeof DeleteJob>> {
  const handle = await stack.start(job(TERMINATED, { video_id: LONG_VIDEO, every: 1 }));
  await stack.reached(handle, 100);
  await handle.terminate();
  const started = await client.deleteJob(TERMINATED, { timeoutMs: 0 });
  expect(started).toMatchObject({ deleted: false });
  return stack.client.workflow.getHandle<typeof DeleteJob>(started.workflow_id);
}

const traces = (id: string) =>
  tracesOf(stack, id, join(inject('sharedStack').dataFolder, 'scratch'));

/** Expects nothing of a job to remain; its files in scratch are swept within seconds. */
async function expectNoTraces(id: string): Promise<void> {
  await expect.poll(() => traces(id), { timeout: 15_000 }).toEqual([]);
}

const job = (event_id: string, fields: Partial<JobRequest> = {}): JobRequest => ({
  ...{ video_id: VIDEO, event_id, every: 5, preprocess: false },
  ...fields,
});

describe('the deletion of a job', () => {
  it(
    'leaves nothing of it, and everything of another job of the same video',
    async () => {
      const [id, other] = ['deletion-first', 'deletion-second'];
      const before = await traces(id);
      const submitted = await api.post('/jobs', job(id), { 'idempotency-key': `${id}-key` });
      expect(submitted.status).toBe(202);
      await stack.run(job(other, { frames: 'packed' }));
      await client.result(id);
      await client.annotatedVideo(id);
      await stack.objects.put(BUCKETS.results, keys.render(id, 'preview'), 'a preview');
      const full = (await traces(id)).join('\n');
      for (const kind of [
        ...['frames/frames/', 'results/parts/', 'results/tables/', 'results/results/'],
        ...['annotated.mp4', 'preview.mp4', 'runner_predictions: ', 'events: ', 'requests: '],
        ...['video-detection/', 'annotate-video/'],
      ])
        expect(full).toContain(kind);
      const kept = await traces(other);
      expect(await client.deleteJob(id)).toEqual({
        event_id: id,
        workflow_id: deletionWorkflowIdOf(id),
        deleted: true,
      });
      await expectNoTraces(id);
      expect(before).toEqual([]);
      expect(await traces(other)).toEqual(kept);
      expect((await client.resultJson(other)).frames).toHaveLength(12);
      expect(await stack.objects.stat(BUCKETS.videos, keys.video(VIDEO))).toBeDefined();
      await expect(client.job(id)).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' });
    },
    RUNS_FOR_MS,
  );

  it(
    'ends a running job, which does not come back',
    async () => {
      const id = 'deletion-running';
      const handle = await stack.start(job(id, { video_id: LONG_VIDEO, every: 1 }));
      await stack.reached(handle, 100);
      const deletions = await Promise.all([client.deleteJob(id), client.deleteJob(id)]);
      expect(deletions.map(({ deleted }) => deleted)).toEqual([true, true]);
      await expectNoTraces(id);
      // Longer than a heartbeat: no activity of the job writes any more.
      await new Promise((resolve) => setTimeout(resolve, 5000));
      expect(await traces(id)).toEqual([]);
    },
    RUNS_FOR_MS,
  );

  it('reports a job that does not exist, or was deleted before', async () => {
    const id = 'deletion-twice';
    const missing = { code: 'JOB_NOT_FOUND' };
    await expect(client.deleteJob(id)).rejects.toMatchObject(missing);
    await stack.run(job(id, { frames: 'none' }));
    await client.deleteJob(id);
    await expect(client.deleteJob(id)).rejects.toMatchObject(missing);
    await expect(client.deleteJob("x' OR 'a")).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('removes objects that a job without event and run has left', async () => {
    const id = 'deletion-objects';
    await stack.objects.put(BUCKETS.frames, keys.frame(id, 0), 'a frame');
    await client.deleteJob(id);
    expect(await traces(id)).toEqual([]);
  });

  it('lets a new job have the id, with its own options', async () => {
    const id = 'deletion-reused';
    expect(await stack.run(job(id))).toMatchObject({ frames: 12 });
    await client.deleteJob(id);
    expect(await stack.run(job(id, { every: 10 }))).toMatchObject({ frames: 6 });
    expect((await client.resultJson(id)).frames).toHaveLength(6);
  });

  it('keeps a job with the same id that is started in the meantime', async () => {
    const id = 'deletion-overtaken';
    await stack.run(job(id));
    await client.deleteJob(id, { timeoutMs: 0 });
    const handle = await stack.start(job(id));
    expect(await handle.result()).toMatchObject({ status: 'ready', frames: 12 });
    const deletion = stack.client.workflow.getHandle(deletionWorkflowIdOf(id));
    await deletion.result();
    expect((await client.resultJson(id)).frames).toHaveLength(12);
    const run = await describeRun(stack.client, workflowIdOf(id));
    expect(run?.runId).toBe(handle.firstExecutionRunId);
  });

  it(
    'removes what activities of a terminated job write after its first pass',
    async () => {
      await terminatedDeletion.result();
      await expectNoTraces(TERMINATED);
    },
    RUNS_FOR_MS,
  );
});
