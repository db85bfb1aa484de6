import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { MOCK_MODEL_NAME } from '../../domain/model/known-models.js';
import { VIDEO_QUEUE } from '../../domain/job/task-queues.js';
import {
  type ClipId,
  RENDER_CLIP,
  RENDER_KINDS,
  RENDER_REEL,
  RENDERS,
  type ReelId,
} from '../../domain/names.js';
import {
  clipWorkflowIdOf,
  reelWorkflowIdOf,
  renderWorkflowIdOf,
} from '../../domain/workflow-ids.js';
import type { AnnotateVideo, PreviewVideo, RenderClip, RenderReel } from '../../workflows/index.js';
import { CLIP_KINDS, makeClip } from '../support/clips.js';
import { startStack, type TestStack } from '../support/stack.js';
import { recordHistory } from './record-history.js';

const [ALL, SURE] = ['reel-all', 'reel-sure'];
/** Minimum confidence of a job, above those of all objects of the model. */
const NO_OBJECTS = 0.99;

let stack: TestStack;
beforeAll(async () => {
  stack = await startStack({ VIDETTE_MODEL: MOCK_MODEL_NAME });
  const path = join(stack.folder, 'clip.mp4');
  await makeClip({ ...CLIP_KINDS[0]!, frames: 60 }, path);
  await stack.putVideo('clip', path);
  const job = { video_id: 'clip', frames: 'none' } as const;
  await stack.run({ ...job, event_id: ALL });
  await stack.run({ ...job, event_id: SURE, conf: NO_OBJECTS });
});
afterAll(() => stack?.close());

async function render(reel: ReelId): Promise<string> {
  const workflowId = reelWorkflowIdOf(reel);
  const { workflow } = stack.client;
  const start = { workflowId, taskQueue: VIDEO_QUEUE, args: [reel] as [ReelId] };
  await workflow.execute<typeof RenderReel>(RENDER_REEL, start).catch(() => undefined);
  return workflowId;
}

it.each(RENDER_KINDS)('records the render of a video: %s', async (kind) => {
  const workflowId = renderWorkflowIdOf(ALL, kind);
  const start = { workflowId, taskQueue: VIDEO_QUEUE, args: [{ event_id: ALL }] as const };
  type Render = typeof AnnotateVideo | typeof PreviewVideo;
  await stack.client.workflow.execute<Render>(RENDERS[kind].workflow, start);
  await recordHistory(stack.client, kind, workflowId);
});

it('records the render of a clip', async () => {
  const clip: ClipId = { event_id: ALL, from_ms: 0, to_ms: 1000, boxes: 'all' };
  const workflowId = clipWorkflowIdOf(clip);
  const start = { workflowId, taskQueue: VIDEO_QUEUE, args: [clip] as [ClipId] };
  await stack.client.workflow.execute<typeof RenderClip>(RENDER_CLIP, start);
  await recordHistory(stack.client, 'clip', workflowId);
});

it('records the render of a reel', async () => {
  const workflowId = await render({ a: ALL, b: SURE, conf_a: 0.25, conf_b: NO_OBJECTS });
  const { status } = await stack.client.workflow.getHandle(workflowId).describe();
  expect(status.name).toBe('COMPLETED');
  await recordHistory(stack.client, 'reel', workflowId);
});

it('records the render of a reel without a different frame', async () => {
  const workflowId = await render({ a: ALL, b: ALL, conf_a: 0.25, conf_b: 0.25 });
  const { status } = await stack.client.workflow.getHandle(workflowId).describe();
  expect(status.name).toBe('FAILED');
  await recordHistory(stack.client, 'reel-no-difference', workflowId);
});
