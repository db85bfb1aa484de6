import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { applyRetention } from '../../adapters/temporal/retention-schedule.js';
import type { PruneRequest, VidetteClient } from '../../client/index.js';
import { VIDEO_QUEUE } from '../../domain/job/task-queues.js';
import { BUCKETS, DELETE_JOB, keys, RETENTION_SCHEDULE } from '../../domain/names.js';
import { deletionWorkflowIdOf, workflowIdOf } from '../../domain/workflow-ids.js';
import type { DeleteJob } from '../../workflows/index.js';
import { apiAt, type ApiClient, json } from '../support/api.js';
import { CLIP_KINDS, makeClip } from '../support/clips.js';
import { eventDocument } from '../support/events.js';
import { imageBatchDocument } from '../support/image-batches.js';
import { repeatVideo } from '../support/repeat-video.js';
import { connectSharedStack, type SharedConnection } from '../support/shared-stack.js';
import { tracesOf } from '../support/traces.js';
import { clientOf } from '../support/vidette-client.js';

const THIRTY_YEARS_S = 30 * 365 * 86_400;

/** Makes 6000 frames: more than any machine detects during the test. */
const REPEATS = 100;

let stack: SharedConnection;
let client: VidetteClient;
let api: ApiClient;
beforeAll(async () => {
  stack = await connectSharedStack();
  client = clientOf(stack);
  api = apiAt(stack.apiUrl);
});
afterAll(() => stack?.close());

const traces = (id: string) =>
  tracesOf(stack, id, join(inject('sharedStack').dataFolder, 'scratch'));

describe('pruning', () => {
  const NONE = {
    ...{ pruned: 0, kept: 0, failed: 0 },
    ...{ rescorings: 0, image_batches: 0, retrainings: 0 },
  };

  async function prunable(request: PruneRequest): Promise<string[]> {
    const ids: string[] = [];
    for await (const id of client.prunableJobs(request)) ids.push(id);
    return ids;
  }

  /** Inserts a job that ended in 1990. */
  async function insertOldJob(event_id: string): Promise<void> {
    const closed_at = new Date(Date.UTC(1990, 0, 1));
    const workflow_id = workflowIdOf(event_id);
    const fields = { event_id, video_id: event_id, workflow_id, closed_at };
    const event = eventDocument({ ...fields, status: 'ready' });
    await stack.documents.insertEvent(event);
    await stack.objects.put(BUCKETS.frames, keys.frame(event_id, 0), 'a frame');
    await stack.objects.put(BUCKETS.results, keys.result(event_id), '{}');
  }

  it('removes the frames, or everything, of old jobs only', async () => {
    const ids = ['retention-old-a', 'retention-old-b'];
    for (const id of ids) await insertOldJob(id);
    const everything = { older_than_s: THIRTY_YEARS_S, frames_only: false };
    const frames = { ...everything, frames_only: true };
    expect(await prunable(frames)).toEqual(ids);
    expect(await client.pruneJobs(frames)).toEqual({ ...NONE, pruned: 2 });
    for (const id of ids) {
      const left = (await traces(id)).map((trace) => trace.split(': ')[0]);
      expect(left).toEqual(['events', `results/${keys.result(id)}`]);
    }
    expect(await prunable(frames)).toEqual([]);
    expect(await client.pruneJobs(frames)).toEqual(NONE);
    expect(await prunable(everything)).toEqual(ids);
    expect(await client.pruneJobs(everything)).toEqual({ ...NONE, pruned: 2 });
    expect(await prunable(everything)).toEqual([]);
    for (const id of ids) expect(await traces(id)).toEqual([]);
    await expect(client.pruneJobs({ ...frames, older_than_s: -1 })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
  });

  it('removes old rescorings, but not with the frames of jobs', async () => {
    const id = 'retention-rescoring';
    const created_at = new Date(Date.UTC(1990, 0, 1)).toISOString();
    await stack.objects.put(
      BUCKETS.results,
      keys.rescore(id),
      JSON.stringify({ rescore_id: id, created_at }),
    );
    await stack.objects.put(BUCKETS.results, keys.rescoreReport(id), '{}');
    const request = { older_than_s: THIRTY_YEARS_S, frames_only: false };
    const frames = { ...request, frames_only: true };
    expect(await Array.fromAsync(client.prunableRescorings(frames))).toEqual([]);
    expect(await client.pruneJobs(frames)).toEqual(NONE);
    expect(await Array.fromAsync(client.prunableRescorings(request))).toEqual([id]);
    expect(await client.pruneJobs(request)).toEqual({ ...NONE, rescorings: 1 });
    for (const key of [keys.rescore(id), keys.rescoreReport(id)])
      expect(await stack.objects.find(BUCKETS.results, key)).toBeUndefined();
  });

  it('removes old batches of images and retrainings, but the report of a published version', async () => {
    const [id, published, rejected] = ['retention-images', 'retention-1', 'retention-2'];
    const closed_at = new Date(Date.UTC(1990, 0, 1));
    const times = { created_at: closed_at, closed_at };
    const batch = imageBatchDocument({ batch_id: id, status: 'ready', ...times });
    await stack.documents.imageBatches.insert(batch);
    const { results } = BUCKETS;
    const report = (version: number | null) =>
      JSON.stringify({ version, base: { name: 'retention' }, closed_at: closed_at.toISOString() });
    const removed = [
      ...[keys.imageTable(id, 'csv'), keys.imageShard(id, 0)],
      ...[keys.trainedModel(published), keys.trainingResult(published)],
      ...[`${keys.checkpoint(rejected, 'a')}weights.bin`, keys.retrainReport(rejected)],
    ];
    for (const key of removed) await stack.objects.put(results, key, 'data');
    await stack.objects.put(results, keys.retrainReport(published), report(2));
    await stack.objects.put(results, keys.retrainReport(rejected), report(null));
    const request = { older_than_s: THIRTY_YEARS_S, frames_only: false };
    const frames = { ...request, frames_only: true };
    expect(await Array.fromAsync(client.prunableImageBatches(frames))).toEqual([]);
    expect(await Array.fromAsync(client.prunableRetrainings(frames))).toEqual([]);
    expect(await Array.fromAsync(client.prunableImageBatches(request))).toEqual([id]);
    expect(await Array.fromAsync(client.prunableRetrainings(request))).toEqual([
      published,
      rejected,
    ]);
    expect(await client.pruneJobs(request)).toEqual({ ...NONE, image_batches: 1, retrainings: 2 });
    for (const key of removed) expect(await stack.objects.find(results, key)).toBeUndefined();
    expect(await stack.objects.find(results, keys.retrainReport(published))).toBeDefined();
    await expect(client.imageBatches.get(id)).rejects.toMatchObject({ code: 'BATCH_NOT_FOUND' });
    expect(await Array.fromAsync(client.prunableRetrainings(request))).toEqual([]);
    expect(await client.pruneJobs(request)).toEqual(NONE);
    await stack.objects.remove(results, keys.retrainReport(published));
  });

  it('keeps a job that was started again before its turn', async () => {
    const id = 'retention-kept';
    const path = join(stack.folder, 'clip.mp4');
    await makeClip({ ...CLIP_KINDS[0]!, frames: 60 }, path);
    const long = join(stack.folder, 'long.mp4');
    await repeatVideo(path, REPEATS, long);
    await stack.putVideo(id, long);
    const handle = await stack.start({ video_id: id, event_id: id, every: 1 });
    await stack.reached(handle, 1);
    const request = { event_id: id, ended_before: new Date().toISOString() };
    const deleted = await stack.client.workflow.execute<typeof DeleteJob>(DELETE_JOB, {
      ...{ taskQueue: VIDEO_QUEUE, workflowId: deletionWorkflowIdOf(id), args: [request] },
    });
    expect(deleted).toMatchObject({ event_id: id, kept: true, runs: 0 });
    expect(await client.job(id)).toMatchObject({ status: 'processing' });
    await client.deleteJob(id);
  });

  it('runs by a schedule while one is configured', async () => {
    const handle = stack.client.schedule.getHandle(RETENTION_SCHEDULE);
    const request = { older_than_s: 40 * 365 * 86_400, frames_only: false };
    await applyRetention(stack.client, { ...request, frames_only: true });
    await applyRetention(stack.client, request);
    const { action } = await handle.describe();
    expect(action).toMatchObject({ workflowType: 'PruneJobs', args: [request] });
    await handle.trigger();
    const runs = async () => (await handle.describe()).info.recentActions;
    await expect.poll(runs, { timeout: 30_000 }).toHaveLength(1);
    const { workflowId } = (await runs())[0]!.action.workflow;
    const result: unknown = await stack.client.workflow.getHandle(workflowId).result();
    expect(result).toEqual(NONE);
    await applyRetention(stack.client, undefined);
    await applyRetention(stack.client, undefined);
    await expect(handle.describe()).rejects.toMatchObject({ name: 'ScheduleNotFoundError' });
  });
});

it('reports the bytes of jobs and the free disk', async () => {
  const id = 'retention-measured';
  const bytes = 20_000_000;
  await stack.objects.put(BUCKETS.frames, keys.frame(id, 0), Buffer.alloc(bytes));
  interface System {
    readonly stored: { readonly largest_jobs: { event_id: string }[] } | null;
    readonly disk: { readonly free_bytes: number };
  }
  const system = () => json<System>(api.at('/system'));
  const largest = async () => (await system()).stored?.largest_jobs ?? [];
  await expect.poll(largest, { timeout: 50_000 }).toContainEqual({ event_id: id, bytes });
  expect((await system()).disk.free_bytes).toBeGreaterThan(0);
  await stack.objects.remove(BUCKETS.frames, keys.frame(id, 0));
});
