import { NativeConnection, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readConfig } from '../../config/index.js';
import { VIDEO_DETECTION } from '../../domain/names.js';
import { workflowIdOf } from '../../domain/workflow-ids.js';
import { projectFile } from '../../platform/package-root.js';
import { connectSharedStack, type SharedConnection } from '../support/shared-stack.js';
import { clientOf } from '../support/vidette-client.js';

const TASK_QUEUE = 'stuck-jobs';
const EVENT = 'stuck-jobs-event';

let stack: SharedConnection;
let connection: NativeConnection;
beforeAll(async () => {
  stack = await connectSharedStack();
  const { address } = readConfig(stack.settings).temporal;
  connection = await NativeConnection.connect({ address });
});
afterAll(async () => {
  await connection?.close();
  await stack?.close();
});

it('reports why Temporal cannot continue a job, also to those who wait for it', async () => {
  const client = clientOf(stack);
  const worker = await Worker.create({
    connection,
    taskQueue: TASK_QUEUE,
    workflowsPath: projectFile('test/support/failing-workflow.ts'),
  });
  await worker.runUntil(async () => {
    const handle = await stack.client.workflow.start(VIDEO_DETECTION, {
      taskQueue: TASK_QUEUE,
      workflowId: workflowIdOf(EVENT),
      args: [{ video_id: 'none' }],
    });
    const message = expect.stringContaining('this version cannot replay the job') as string;
    const error = { code: 'JOB_STUCK', message };
    await expect
      .poll(() => client.job(EVENT), { timeout: 45_000, interval: 500 })
      .toMatchObject({ status: 'processing', error, progress: { error } });
    await handle.terminate('end of the test');
  });
});
