import { afterAll, beforeAll, expect, it } from 'vitest';
import { VIDEO_QUEUE } from '../../domain/job/task-queues.js';
import { MOCK_MODEL_NAME } from '../../domain/model/known-models.js';
import { RESCORE_PAST } from '../../domain/rescore/rescore.js';
import { rescoreWorkflowIdOf } from '../../domain/workflow-ids.js';
import type { RescorePast } from '../../workflows/index.js';
import { makePast } from '../support/past-predictions.js';
import { startStack, type TestStack } from '../support/stack.js';
import { recordHistory } from './record-history.js';

const IMAGES = 20;

let stack: TestStack;
beforeAll(async () => {
  stack = await startStack({ VIDETTE_MODEL: MOCK_MODEL_NAME });
  await makePast(stack, IMAGES);
});
afterAll(() => stack?.close());

it('records a rescoring of images and jobs', async () => {
  const report = await stack.client.workflow.execute<typeof RescorePast>(RESCORE_PAST, {
    taskQueue: VIDEO_QUEUE,
    workflowId: rescoreWorkflowIdOf('rescored'),
    args: [{ model: 'road', of: 'city', since: '2026-01-01T00:00:00Z' }],
  });
  expect(report).toMatchObject({ images: { total: IMAGES }, jobs: { compared: 1 } });
  await recordHistory(stack.client, 'rescored', rescoreWorkflowIdOf('rescored'));
});
