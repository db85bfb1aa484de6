import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { webhookIdOf } from '../../domain/job/job-webhook.js';
import type { JobRequest } from '../../domain/job/job-input.js';
import { VIDEO_QUEUE } from '../../domain/job/task-queues.js';
import { MOCK_MODEL_NAME } from '../../domain/model/known-models.js';
import { INDEX_JOBS } from '../../domain/names.js';
import { alertWorkflowIdOf, workflowIdOf } from '../../domain/workflow-ids.js';
import type { IndexJobs } from '../../workflows/index.js';
import { CLIP_KINDS, makeClip } from '../support/clips.js';
import { WEBHOOK_SECRET } from '../support/shared-settings.js';
import { startStack, type TestStack } from '../support/stack.js';
import { startReceiver } from '../support/webhook-receiver.js';
import { recordHistory } from './record-history.js';

/** A clip of four ranges. */
const CLIP = { ...CLIP_KINDS[0]!, frames: 60 };
const SOURCE = 'detected';
/** Minimum confidence of derived jobs: between those of both objects of the model. */
const CONF = 0.6;

let stack: TestStack;
beforeAll(async () => {
  stack = await startStack({
    VIDETTE_MODEL: MOCK_MODEL_NAME,
    VIDETTE_WEBHOOK_SECRET: WEBHOOK_SECRET,
    VIDETTE_ALLOW_PRIVATE_ADDRESSES: 'true',
  });
  const path = join(stack.folder, 'clip.mp4');
  await makeClip(CLIP, path);
  await stack.putVideo('clip', path);
  await stack.run(jobOf(SOURCE));
});
afterAll(() => stack?.close());

function jobOf(event_id: string, changes: Partial<JobRequest> = {}): JobRequest {
  return { video_id: 'clip', event_id, every: 1, frames: 'none', ...changes };
}

it.each<[string, Partial<JobRequest>]>([
  ['tracked', { tracking: true }],
  ['derived', { derived_from: SOURCE, conf: CONF }],
  ['derived-tracked', { derived_from: SOURCE, conf: CONF, tracking: true }],
])('records a job that is %s', async (name, changes) => {
  expect(await stack.run(jobOf(name, changes))).toMatchObject({ status: 'ready' });
  await recordHistory(stack.client, name, workflowIdOf(name));
});

it('records a job with a webhook, and its webhook', async () => {
  const receiver = await startReceiver();
  try {
    const handle = await stack.start(jobOf('notifying', { webhook: { url: receiver.url } }));
    await handle.result();
    const webhookId = webhookIdOf(handle.workflowId, handle.firstExecutionRunId);
    await stack.client.workflow.getHandle(webhookId).result();
    expect(receiver.messages).toHaveLength(1);
    await recordHistory(stack.client, 'notifying', handle.workflowId);
    await recordHistory(stack.client, 'webhook', webhookId);
  } finally {
    await receiver.close();
  }
});

it('records a job with a rule for alerts, and its alert', async () => {
  const receiver = await startReceiver();
  try {
    const channels = [{ kind: 'webhook' as const, url: receiver.url }];
    const rule = { name: 'seen', classes: ['mock-large'], quiet_s: 3600, channels };
    const handle = await stack.start(jobOf('alerting', { alerts: [rule] }));
    await handle.result();
    const alertId = alertWorkflowIdOf('alerting.seen.1');
    await stack.client.workflow.getHandle(alertId).result();
    expect(receiver.messages).toHaveLength(1);
    await recordHistory(stack.client, 'alerting', handle.workflowId);
    await recordHistory(stack.client, 'alert', alertId);
  } finally {
    await receiver.close();
  }
});

it('records the indexing of all jobs', async () => {
  const workflowId = 'index-jobs/all';
  const counts = await stack.client.workflow.execute<typeof IndexJobs>(INDEX_JOBS, {
    ...{ taskQueue: VIDEO_QUEUE, workflowId, args: [{ all: true }] },
  });
  expect(counts).toMatchObject({ skipped: 0, failed: 0 });
  expect(counts.indexed).toBeGreaterThan(0);
  await recordHistory(stack.client, 'indexed', workflowId);
});
