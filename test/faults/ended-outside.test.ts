import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { VidetteClient } from '../../client/index.js';
import type { JobRequest } from '../../domain/job/job-input.js';
import { BUCKETS, keys, VIDEO_DETECTION } from '../../domain/names.js';
import { workflowIdOf } from '../../domain/workflow-ids.js';
import type { DetectionResult } from '../../domain/result/result.js';
import { VIDEO_QUEUE } from '../../domain/job/task-queues.js';
import { CLIP_KINDS, type ClipKind, makeClip } from '../support/clips.js';
import type { JobHandle } from '../support/jobs.js';
import { ffmpegsOn, scratchLeftovers } from '../support/processes.js';
import { resetTo } from '../support/reset.js';
import { startStack, type TestStack } from '../support/stack.js';
import { clientOf } from '../support/vidette-client.js';

/** Several ranges, some of which are done when {@link IN_THE_MIDDLE} frames are. */
const CLIP: ClipKind = {
  ...CLIP_KINDS.find(({ name }) => name === 'constant rate')!,
  frames: 384,
};
const IN_THE_MIDDLE = 100;
const VIDEO = 'long';
const MODES = ['objects', 'none'] as const;
type Mode = (typeof MODES)[number];
/** Heartbeat timeout plus the sweeper's interval of 5 s, with time for a slow machine. */
const SWEPT_WITHIN_MS = 30_000;
const RUNS_FOR_MS = 120_000;

let stack: TestStack;
let client: VidetteClient;
let undisturbed: Readonly<Record<Mode, DetectionResult>>;
beforeAll(async () => {
  stack = await startStack();
  client = clientOf(stack);
  const path = join(stack.folder, 'long.mp4');
  await makeClip(CLIP, path);
  await stack.putVideo(VIDEO, path);
  await Promise.all(MODES.map((mode) => stack.run(job(mode, mode))));
  undisturbed = { objects: await stack.result('objects'), none: await stack.result('none') };
});
afterAll(() => stack?.close());
afterEach(expectNothingLeft);

function job(event_id: string, frames: Mode): JobRequest {
  return { video_id: VIDEO, event_id, frames, every: 1, preprocess: false };
}

async function inTheMiddle(event_id: string, frames: Mode): Promise<JobHandle> {
  const handle = await stack.start(job(event_id, frames));
  await stack.reached(handle, IN_THE_MIDDLE);
  return handle;
}

/** Expects no process and no stored frame of an ended job to remain. */
async function expectNothingLeft(): Promise<void> {
  const left = async () => [
    ...(await ffmpegsOn(stack.folder)),
    ...(await scratchLeftovers(stack.folder)),
  ];
  await expect.poll(left, { timeout: SWEPT_WITHIN_MS, interval: 100 }).toEqual([]);
}

const eventOf = (id: string) => stack.documents.findEvent(id);

async function expectEvent(id: string, fields: object): Promise<void> {
  const timeout = SWEPT_WITHIN_MS;
  await expect.poll(() => eventOf(id), { timeout }).toMatchObject(fields);
}

async function expectAsUndisturbed(id: string, mode: Mode): Promise<void> {
  const result = await stack.result(id);
  expect(result.frames).toEqual(undisturbed[mode].frames);
  expect(result.skipped).toEqual([]);
  expect(result.unprocessed).toBeUndefined();
  expect(await eventOf(id)).toMatchObject({
    status: 'ready',
    frames_done: CLIP.frames,
    error: null,
  });
  const ids = (await stack.predictions(id)).map(({ frame_id }) => frame_id);
  expect(ids).toEqual(result.frames.map(({ frame }) => frame));
}

describe.each(MODES)('a job with frames %s', (mode) => {
  it(
    'is cancelled when terminated and continues when submitted again',
    async () => {
      const id = `terminated-${mode}`;
      const handle = await inTheMiddle(id, mode);
      await handle.terminate('the wrong video');
      await expectNothingLeft();
      const error = expect.stringMatching(
        /^Terminated in Temporal by .+: the wrong video\./,
      ) as string;
      await expectEvent(id, { status: 'cancelled', error });
      const message = expect.stringMatching('the wrong video') as string;
      expect(await client.job(id)).toMatchObject({
        status: 'cancelled',
        error: { code: 'JOB_TERMINATED', message },
      });
      expect(await client.result(id)).toMatchObject({ status: 'cancelled' });
      expect(await stack.objects.stat(BUCKETS.results, keys.result(id))).toBeUndefined();
      expect(await stack.run(job(id, mode))).toMatchObject({ status: 'ready' });
      await expectAsUndisturbed(id, mode);
      const cancelled = await client.jobs({ status: 'cancelled' });
      expect(cancelled.map(({ event_id }) => event_id)).not.toContain(id);
    },
    RUNS_FOR_MS,
  );

  it(
    'fails when its workflow times out',
    async () => {
      const id = `timed-out-${mode}`;
      const handle = await stack.client.workflow.start(VIDEO_DETECTION, {
        taskQueue: VIDEO_QUEUE,
        workflowId: workflowIdOf(id),
        args: [job(id, mode)],
        workflowRunTimeout: '2s',
      });
      await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'TimeoutFailure' } });
      await expectNothingLeft();
      const error = expect.stringContaining('time limit') as string;
      await expectEvent(id, { status: 'failed', error });
      expect(await client.job(id)).toMatchObject({ status: 'failed', error: { message: error } });
    },
    RUNS_FOR_MS,
  );

  it.each(['first', 'last'] as const)(
    'returns the same result after a reset in the middle to its %s workflow task',
    async (step) => {
      const id = `reset-${step}-${mode}`;
      const handle = await inTheMiddle(id, mode);
      const { runId } = await resetTo(stack.client, handle.workflowId, step);
      const again = stack.client.workflow.getHandle(handle.workflowId);
      expect(await again.result()).toMatchObject({ status: 'ready', frames: CLIP.frames });
      expect((await again.describe()).runId).toBe(runId);
      await expectAsUndisturbed(id, mode);
    },
    RUNS_FOR_MS,
  );
});

describe('a finished job', () => {
  it.each(['first', 'last'] as const)(
    'returns the same result after a reset to its %s workflow task',
    async (step) => {
      const id = `ready-${step}`;
      const handle = await stack.start(job(id, 'none'));
      await handle.result();
      await resetTo(stack.client, handle.workflowId, step);
      const again = stack.client.workflow.getHandle(handle.workflowId);
      expect(await again.result()).toMatchObject({ status: 'ready', frames: CLIP.frames });
      await expectAsUndisturbed(id, 'none');
    },
    RUNS_FOR_MS,
  );
});

describe('a terminated job', () => {
  it(
    'returns the same result after a reset when its event is closed and its files are swept',
    async () => {
      const id = 'terminated-reset';
      const handle = await inTheMiddle(id, 'objects');
      await handle.terminate();
      await expectEvent(id, { status: 'cancelled' });
      await expectNothingLeft();
      await resetTo(stack.client, handle.workflowId, 'last');
      const again = stack.client.workflow.getHandle(handle.workflowId);
      expect(await again.result()).toMatchObject({ status: 'ready', frames: CLIP.frames });
      await expectAsUndisturbed(id, 'objects');
    },
    RUNS_FOR_MS,
  );
});

describe('a job that ended while no worker ran', () => {
  it(
    'is swept when a worker starts again',
    async () => {
      const id = 'while-away';
      const handle = await inTheMiddle(id, 'objects');
      const pid = stack.workers.pid('video_worker');
      stack.workers.kill9('video_worker');
      await handle.terminate();
      await stack.workers.restarted('video_worker', pid);
      await expectEvent(id, { status: 'cancelled' });
    },
    RUNS_FOR_MS,
  );
});
