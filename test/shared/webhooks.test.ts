import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import getPort from 'get-port';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createClosedRuns } from '../../adapters/temporal/closed-runs.js';
import { createJobEndNotifier } from '../../adapters/temporal/job-end-notifier.js';
import type { JobRequest } from '../../domain/job/job-input.js';
import { NOTIFY_WEBHOOK, VIDEO_DETECTION } from '../../domain/names.js';
import { workflowIdOf } from '../../domain/workflow-ids.js';
import { VIDEO_QUEUE } from '../../domain/job/task-queues.js';
import { webhookHeaders } from '../../domain/job/webhook.js';
import { CLIP_KINDS, type ClipKind, makeClip } from '../support/clips.js';
import { resetTo } from '../support/reset.js';
import { connectSharedStack, type SharedConnection } from '../support/shared-stack.js';
import { DENIED_ADDRESS, REAL_MODEL, WEBHOOK_SECRET } from '../support/shared-settings.js';
import {
  type ReceivedMessage,
  type ReceiverOptions,
  startReceiver,
  type TestReceiver,
} from '../support/webhook-receiver.js';

const CLIP: ClipKind = {
  ...CLIP_KINDS.find(({ name }) => name === 'constant rate')!,
  frames: 600,
};
const IN_THE_MIDDLE = 50;
const RUNS_FOR_MS = 120_000;

let stack: SharedConnection;
const receivers: TestReceiver[] = [];
beforeAll(async () => {
  stack = await connectSharedStack();
  const path = join(stack.folder, 'long.mp4');
  await makeClip(CLIP, path);
  await stack.putVideo('webhooks-long', path);
  const broken = join(stack.folder, 'broken.mp4');
  await writeFile(broken, 'no video at all');
  await stack.putVideo('webhooks-broken', broken);
});
afterAll(() => stack?.close());
afterEach(async () => {
  for (const receiver of receivers.splice(0)) await receiver.close();
});

async function receiverOf(options?: ReceiverOptions): Promise<TestReceiver> {
  const receiver = await startReceiver(options);
  receivers.push(receiver);
  return receiver;
}

/** A job of six frames. */
function shortJob(event_id: string, url: string, video_id = 'webhooks-long'): JobRequest {
  return { video_id, event_id, every: 100, frames: 'none', webhook: { url } };
}

function longJob(event_id: string, url: string): JobRequest {
  return { video_id: 'webhooks-long', event_id, every: 1, frames: 'none', webhook: { url } };
}

/** Statuses of the webhooks of a job once none is running. */
async function webhooksOf(eventId: string): Promise<string[]> {
  const prefix = `webhook/${workflowIdOf(eventId)}/`;
  const query = `WorkflowType = '${NOTIFY_WEBHOOK}' AND WorkflowId STARTS_WITH '${prefix}'`;
  const states = async () => {
    const found: string[] = [];
    for await (const { status } of stack.client.workflow.list({ query })) found.push(status.name);
    return found;
  };
  await expect.poll(states, { timeout: RUNS_FOR_MS }).not.toContain('RUNNING');
  return states();
}

function expectSigned({ headers, body }: ReceivedMessage): void {
  const [id, timestamp] = [String(headers['webhook-id']), Number(headers['webhook-timestamp'])];
  expect(headers).toMatchObject(webhookHeaders(WEBHOOK_SECRET, { id, timestamp, body }));
}

/** Expects exactly one signed message, sent by one webhook. */
async function expectOnce(receiver: TestReceiver, eventId: string, data: object): Promise<void> {
  await receiver.received(1);
  expect(await webhooksOf(eventId)).toEqual(['COMPLETED']);
  const [body, ...more] = receiver.bodies();
  expect(more).toEqual([]);
  expect(body).toMatchObject({ data: { event_id: eventId, ...data } });
  expect(body!.type).toBe(`job.${body!.data.status}`);
  expectSigned(receiver.messages[0]!);
}

describe('the webhook of a job is sent once and signed', () => {
  it(
    'when the job is ready',
    async () => {
      const receiver = await receiverOf();
      await stack.run(shortJob('webhooks-ready', receiver.url));
      const result = { bucket: 'results', key: 'results/webhooks-ready.json' };
      const data = {
        status: 'ready',
        video_id: 'webhooks-long',
        frames: 6,
        skipped: 0,
        error: null,
      };
      await expectOnce(receiver, 'webhooks-ready', { ...data, result });
    },
    RUNS_FOR_MS,
  );

  it(
    'when the job failed',
    async () => {
      const receiver = await receiverOf();
      const handle = await stack.start(
        shortJob('webhooks-failed', receiver.url, 'webhooks-broken'),
      );
      await expect(handle.result()).rejects.toThrow();
      const { error } = (await stack.documents.findEvent('webhooks-failed'))!;
      expect(error).toBeTruthy();
      await expectOnce(receiver, 'webhooks-failed', { status: 'failed', error, result: null });
    },
    RUNS_FOR_MS,
  );

  it(
    'when the job was terminated, even if several workers notice',
    async () => {
      const receiver = await receiverOf();
      const handle = await stack.start(longJob('webhooks-terminated', receiver.url));
      await stack.reached(handle, IN_THE_MIDDLE);
      await handle.terminate('the wrong video');
      const { workflowId } = handle;
      const end = (await createClosedRuns(stack.client).endOf(workflowId))!;
      const jobEnd = { ...end, workflowId, status: 'cancelled', error: end.reason! } as const;
      const notices = createJobEndNotifier(stack.client);
      await Promise.all([notices.notify(jobEnd), notices.notify(jobEnd), notices.notify(jobEnd)]);
      const status = async () => (await stack.documents.findEvent('webhooks-terminated'))?.status;
      await expect.poll(status, { timeout: RUNS_FOR_MS }).toBe('cancelled');
      await expectOnce(receiver, 'webhooks-terminated', { status: 'cancelled' });
      expect(await notices.notify(jobEnd)).toBe(false);
    },
    RUNS_FOR_MS,
  );

  it(
    'when the job timed out, by the sweeper of a worker',
    async () => {
      const receiver = await receiverOf();
      const handle = await stack.client.workflow.start(VIDEO_DETECTION, {
        taskQueue: VIDEO_QUEUE,
        workflowId: workflowIdOf('webhooks-timed-out'),
        // The default model of the stack is fast enough to finish within the limit.
        args: [{ ...longJob('webhooks-timed-out', receiver.url), model: REAL_MODEL }],
        workflowRunTimeout: '3s',
      });
      await expect(handle.result()).rejects.toThrow();
      const error = expect.stringContaining('time limit') as string;
      await expectOnce(receiver, 'webhooks-timed-out', {
        status: 'failed',
        video_id: 'webhooks-long',
        error,
      });
    },
    RUNS_FOR_MS,
  );

  it(
    'once per end, when a terminated job is reset',
    async () => {
      const receiver = await receiverOf();
      const handle = await stack.start(longJob('webhooks-again', receiver.url));
      await stack.reached(handle, IN_THE_MIDDLE);
      await handle.terminate();
      await receiver.received(1);
      await resetTo(stack.client, handle.workflowId, 'last');
      await receiver.received(2);
      expect(await webhooksOf('webhooks-again')).toEqual(['COMPLETED', 'COMPLETED']);
      expect(receiver.bodies().map(({ type }) => type)).toEqual(['job.cancelled', 'job.ready']);
      const ids = receiver.messages.map(({ headers }) => headers['webhook-id']);
      expect(new Set(ids).size).toBe(2);
    },
    RUNS_FOR_MS,
  );
});

describe('a receiver', () => {
  it(
    'that is unavailable, fails and redirects gets the webhook in the end; no other server does',
    async () => {
      const port = await getPort({ host: '127.0.0.1' });
      const elsewhere = await receiverOf();
      await stack.run(shortJob('webhooks-down', `http://127.0.0.1:${port}/hook`));
      const handle = stack.client.workflow.getHandle(await webhookIdIn('webhooks-down'));
      const attempt = async () =>
        (await handle.describe()).raw.pendingActivities?.[0]?.lastFailure?.message;
      await expect.poll(attempt, { timeout: RUNS_FOR_MS }).toContain('does not answer');
      const answers = [503, { redirect: elsewhere.url }];
      const receiver = await receiverOf({ port, answers });
      await receiver.received(3);
      expect(await webhooksOf('webhooks-down')).toEqual(['COMPLETED']);
      const ids = receiver.messages.map(({ headers }) => headers['webhook-id']);
      expect([ids.length, new Set(ids).size]).toEqual([3, 1]);
      receiver.messages.forEach(expectSigned);
      expect(elsewhere.messages).toEqual([]);
    },
    RUNS_FOR_MS,
  );

  it(
    'that hangs does not delay the job',
    async () => {
      const receiver = await receiverOf({ answers: ['none'] });
      const outcome = await stack.run(shortJob('webhooks-hangs', receiver.url));
      expect(outcome).toMatchObject({ status: 'ready' });
      await receiver.received(1);
      const handle = stack.client.workflow.getHandle(await webhookIdIn('webhooks-hangs'));
      expect((await handle.describe()).status.name).toBe('RUNNING');
      await handle.terminate();
    },
    RUNS_FOR_MS,
  );

  it(
    'at a denied address gets no request, and its webhook fails',
    async () => {
      const outcome = await stack.run(
        shortJob('webhooks-denied', `http://${DENIED_ADDRESS}:9/hook?token=abc`),
      );
      expect(outcome).toMatchObject({ status: 'ready' });
      expect(await webhooksOf('webhooks-denied')).toEqual(['FAILED']);
      const handle = stack.client.workflow.getHandle(await webhookIdIn('webhooks-denied'));
      const failure: unknown = await handle.result().catch((error: unknown) => error);
      expect(failure).toMatchObject({ cause: { cause: { type: 'URL_FORBIDDEN' } } });
    },
    RUNS_FOR_MS,
  );
});

/** Workflow id of the webhook that the job itself started. */
async function webhookIdIn(eventId: string): Promise<string> {
  const workflowId = workflowIdOf(eventId);
  const { raw } = await stack.client.workflow.getHandle(workflowId).describe();
  return `webhook/${workflowId}/${raw.workflowExecutionInfo?.firstRunId}`;
}
