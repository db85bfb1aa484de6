import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLIP_KINDS, makeClip } from '../support/clips.js';
import { startStack, type TestStack } from '../support/stack.js';

/** Five ranges; a job continues as new after a few of them. */
const CLIP = { ...CLIP_KINDS.find(({ name }) => name === 'constant rate')!, frames: 600 };
const EVENTS_OF_A_RUN = 40;
const RUNS_FOR_MS = 120_000;

let stack: TestStack;
beforeAll(async () => {
  stack = await startStack({ VIDETTE_WINDOW: '2' }, [
    `limit.historyCount.suggestContinueAsNew=${EVENTS_OF_A_RUN}`,
  ]);
  const path = join(stack.folder, 'long.mp4');
  await makeClip(CLIP, path);
  await stack.putVideo('long', path);
});
afterAll(() => stack?.close());

describe('a job that continues as new', () => {
  it.each(['objects', 'none'] as const)(
    'returns every frame and closes its event as ready, with frames %s',
    async (frames) => {
      const id = `continued-${frames}`;
      const handle = await stack.start({ video_id: 'long', event_id: id, frames, every: 1 });
      const outcome = await handle.result();
      expect(outcome).toMatchObject({ status: 'ready', frames: CLIP.frames, skipped: 0 });
      const { runId } = await stack.client.workflow.getHandle(handle.workflowId).describe();
      expect(runId).not.toBe(handle.firstExecutionRunId);
      const numbers = (await stack.result(id)).frames.map(({ frame }) => frame);
      expect(numbers).toEqual(Array.from({ length: CLIP.frames }, (_, frame) => frame));
      expect(await stack.documents.findEvent(id)).toMatchObject({
        status: 'ready',
        run_id: handle.firstExecutionRunId,
        frames_total: CLIP.frames,
        frames_done: CLIP.frames,
      });
    },
    RUNS_FOR_MS,
  );

  it(
    'is cancelled when a later run of it is terminated',
    async () => {
      const id = 'continued-terminated';
      const request = { video_id: 'long', event_id: id, frames: 'none', every: 1 } as const;
      const handle = await stack.start(request);
      const newest = stack.client.workflow.getHandle(handle.workflowId);
      const runId = async () => (await newest.describe()).runId;
      await expect.poll(runId, { timeout: 60_000 }).not.toBe(handle.firstExecutionRunId);
      await newest.terminate();
      const event = () => stack.documents.findEvent(id);
      await expect.poll(event, { timeout: 30_000 }).toMatchObject({ status: 'cancelled' });
    },
    RUNS_FOR_MS,
  );
});
