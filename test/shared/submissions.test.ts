import { join } from 'node:path';
import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobRequest } from '../../domain/job/job-input.js';
import { VIDEO_DETECTION } from '../../domain/names.js';
import { workflowIdOf } from '../../domain/workflow-ids.js';
import { VIDEO_QUEUE } from '../../domain/job/task-queues.js';
import { CLIP_KINDS, makeClip } from '../support/clips.js';
import { connectSharedStack, type SharedConnection } from '../support/shared-stack.js';

const CLIP = CLIP_KINDS.find(({ name }) => name === 'B-frames')!;
const VIDEO = 'submissions-video';

let stack: SharedConnection;
beforeAll(async () => {
  stack = await connectSharedStack();
  const path = join(stack.folder, 'short.mp4');
  await makeClip(CLIP, path);
  await stack.putVideo(VIDEO, path);
});
afterAll(() => stack?.close());

describe('a repeated submission', () => {
  it('creates one run, one event and one result when sent 50 times at once', async () => {
    const id = 'submissions-fifty';
    const submit = () =>
      stack.client.workflow.start(VIDEO_DETECTION, {
        taskQueue: VIDEO_QUEUE,
        workflowId: workflowIdOf(id),
        workflowIdConflictPolicy: 'USE_EXISTING',
        args: [{ video_id: VIDEO, event_id: id }],
      });
    const handles = await Promise.all(Array.from({ length: 50 }, submit));
    expect(new Set(handles.map(({ firstExecutionRunId }) => firstExecutionRunId)).size).toBe(1);
    const outcomes = await Promise.all(handles.map((handle) => handle.result()));
    expect(new Set(outcomes.map((outcome) => JSON.stringify(outcome))).size).toBe(1);
    expect(await runsOf(id)).toBe(1);
    const events = await stack.documents.listEvents({ limit: 1000 });
    expect(events.filter(({ event_id }) => event_id.includes(id))).toHaveLength(1);
    expect(await stack.predictions(id)).toHaveLength(60);
  });

  it('returns the same result at once when the job is already finished', async () => {
    const input: JobRequest = { video_id: VIDEO, event_id: 'submissions-again' };
    const first = await stack.run(input);
    const written = await stack.result('submissions-again');
    const start = performance.now();
    expect(await stack.run(input)).toEqual(first);
    expect(performance.now() - start).toBeLessThan(30_000);
    expect(await stack.result('submissions-again')).toEqual(written);
    expect(await stack.predictions('submissions-again')).toHaveLength(60);
  });

  it('completes both of two workflows of one event', async () => {
    const input: JobRequest = { video_id: VIDEO, event_id: 'submissions-twice', every: 1 };
    const outcomes = await Promise.all([
      stack.run(input, 'submissions-twice-a'),
      stack.run(input, 'submissions-twice-b'),
    ]);
    for (const outcome of outcomes) expect(outcome).toMatchObject({ status: 'ready', frames: 300 });
    expect(await stack.documents.findEvent('submissions-twice')).toMatchObject({ status: 'ready' });
    expect((await stack.result('submissions-twice')).frames).toHaveLength(300);
    expect(await stack.predictions('submissions-twice')).toHaveLength(300);
  });

  async function runsOf(id: string): Promise<number> {
    const { count } = await stack.client.workflow.count(`EventId = "${id}"`);
    return count;
  }
});

describe('an invalid submission', () => {
  it('is rejected under the id of another event, which does not change', async () => {
    const input: JobRequest = { video_id: VIDEO, event_id: 'submissions-taken' };
    await stack.run(input);
    const event = await stack.documents.findEvent('submissions-taken');
    const failure = await failureOf({ ...input, conf: 0.5 }, 'submissions-taken-2');
    expect(failure.type).toBe('EVENT_EXISTS');
    expect(failure.message).toMatch(
      /Event submissions-taken belongs to another job.*Choose another event_id/,
    );
    expect(await stack.documents.findEvent('submissions-taken')).toEqual(event);
  });

  it.each<[string, object, string, RegExp]>([
    ['a number out of range', { conf: 1.7 }, 'INVALID_INPUT', /conf: /],
    ['an unknown field', { confidence: 0.5 }, 'INVALID_INPUT', /"confidence"/],
    ['a field of a field', { preprocess: { blur: 4 } }, 'INVALID_INPUT', /preprocess/],
    ['a class that the model does not have', { classes: ['unicorn'] }, 'INVALID_INPUT', /unicorn/],
    ['an id with a path in it', { video_id: '../secret' }, 'INVALID_INPUT', /video_id: /],
    ['a missing video', { video_id: 'nowhere' }, 'VIDEO_NOT_FOUND', /input\/nowhere\.mp4/],
    ['a missing model', { model: 'nothing@3' }, 'MODEL_NOT_FOUND', /"nothing@3"/],
    ['a GPU without a GPU worker', { device: 'gpu' }, 'NO_GPU_WORKER', /detect-gpu/],
  ])('fails at once with the reason: %s', async (name, fields, type, message) => {
    const start = performance.now();
    const id = `submissions-wrong-${name.replaceAll(' ', '-')}`;
    const failure = await failureOf({ video_id: VIDEO, ...fields }, id);
    expect(performance.now() - start).toBeLessThan(30_000);
    expect(failure.type).toBe(type);
    expect(failure.message).toMatch(message);
    expect((await stack.documents.findEvent(id))?.status ?? 'failed').toBe('failed');
  });

  async function failureOf(input: JobRequest, id: string): Promise<ApplicationFailure> {
    const error: unknown = await stack.run(input, id).catch((e: unknown) => e);
    const cause = error instanceof WorkflowFailedError ? error.cause : error;
    if (cause instanceof ApplicationFailure) return cause;
    throw new Error('It did not fail', { cause });
  }
});

describe('a workflow started without ids', () => {
  it('uses its workflow id as the event id and reports the device it ran on', async () => {
    const handle = await stack.start(
      { video_id: VIDEO, device: 'auto' },
      'submissions-nightly/2026-01-01T00:00:00Z',
    );
    const outcome = await handle.result();
    const id = 'submissions-nightly-2026-01-01T00-00-00Z';
    expect(outcome).toMatchObject({ event_id: id, device: { asked: 'auto', used: { cpu: 60 } } });
    expect((await stack.result(id)).device).toEqual({ asked: 'auto', used: { cpu: 60 } });
    const { typedSearchAttributes } = await handle.describe();
    const attributes = Object.fromEntries(
      typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]),
    );
    expect(attributes).toMatchObject({ EventId: id, VideoId: VIDEO, JobStatus: 'ready' });
    expect(await stack.progress(handle)).toMatchObject({
      stage: 'done',
      frames_done: 60,
      frames_total: 60,
    });
  });
});
