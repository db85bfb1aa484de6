import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { VidetteClient } from '../../client/index.js';
import { BUCKETS, keys } from '../../domain/names.js';
import { workflowIdOf } from '../../domain/workflow-ids.js';
import { describeRun } from '../../domain/temporal-runs.js';
import { apiAt, type ApiClient, json } from '../support/api.js';
import { CLIP_KINDS, makeClip } from '../support/clips.js';
import { connectSharedStack, type SharedConnection } from '../support/shared-stack.js';
import { clientOf } from '../support/vidette-client.js';

const VIDEO = 'api-deletion-clip';

let stack: SharedConnection;
let client: VidetteClient;
let api: ApiClient;
beforeAll(async () => {
  stack = await connectSharedStack();
  client = clientOf(stack);
  api = apiAt(stack.apiUrl);
  const path = join(stack.folder, 'clip.mp4');
  await makeClip({ ...CLIP_KINDS[0]!, frames: 60 }, path);
  await stack.putVideo(VIDEO, path);
});
afterAll(() => stack?.close());

const job = (event_id: string) => ({ video_id: VIDEO, event_id, preprocess: false }) as const;

describe('DELETE', () => {
  it('accepts the same submission with the same idempotency key again', async () => {
    const id = 'api-deletion-resubmitted';
    const submit = () => api.post('/jobs', job(id), { 'idempotency-key': `${id}-key` });
    expect((await submit()).status).toBe(202);
    await client.result(id);
    const first = await describeRun(stack.client, workflowIdOf(id));
    await client.deleteJob(id);
    expect((await submit()).status).toBe(202);
    expect(await client.result(id)).toMatchObject({ event_id: id });
    expect((await client.resultJson(id)).frames).toHaveLength(12);
    const second = await describeRun(stack.client, workflowIdOf(id));
    expect(second?.runId).not.toBe(first?.runId);
    await client.deleteJob(id);
  });

  it('cancels a job without "data" and deletes it with it', async () => {
    const id = 'api-deletion-http';
    await stack.run(job(id));
    const remove = (query: string) => api.at(`/jobs/${id}${query}`, { method: 'DELETE' });
    expect(await json(remove(''))).toMatchObject({ event_id: id, status: 'ready' });
    const deleted = await remove('?data=true&wait=1');
    expect(deleted.status).toBe(202);
    expect(await json(deleted)).toEqual({
      ...{ event_id: id, workflow_id: `delete-job/${id}`, deleted: true },
    });
    expect((await api.at(`/jobs/${id}`)).status).toBe(404);
    expect((await remove('?data=true')).status).toBe(404);
  });

  it('deletes a video that nothing uses', async () => {
    const id = 'api-deletion-single-job';
    const remove = () => api.at(`/videos/${VIDEO}`, { method: 'DELETE' });
    const inUse = { status: 409, type: '/problems/video-in-use' };
    await stack.run(job(id));
    const refused = await json<{ detail: string }>(remove());
    expect(refused).toMatchObject(inUse);
    expect(refused.detail).toContain(`job ${id}`);
    await client.deleteJob(id);
    const schedule_id = 'api-deletion-nightly';
    const input = { video_id: VIDEO };
    await client.schedule.create({ schedule_id, input, cron: '0 3 1 1 *', paused: true });
    expect(await json(remove())).toMatchObject(inUse);
    await client.schedule.delete(schedule_id);
    await expect.poll(async () => (await remove()).status).toBe(204);
    expect(await stack.objects.stat(BUCKETS.videos, keys.video(VIDEO))).toBeUndefined();
    expect(await json(remove())).toMatchObject({ type: '/problems/video-not-found' });
  });
});
