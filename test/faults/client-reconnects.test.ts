import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CLIP_KINDS, makeClip } from '../support/clips.js';
import { startStack, type TestStack } from '../support/stack.js';
import { clientOf } from '../support/vidette-client.js';

const FRAMES = 300;

let stack: TestStack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack?.close());

it('keeps waiting for a job across a crash of Temporal', async () => {
  const client = clientOf(stack);
  const path = join(stack.folder, 'clip.mp4');
  await makeClip({ ...CLIP_KINDS[0]!, frames: FRAMES }, path);
  const { event_id } = await client.submit({ path }, { every: 1 });
  const statuses: string[] = [];
  const watching = (async () => {
    for await (const { status } of client.status(event_id)) statuses.push(status);
  })();
  const result = client.result(event_id);
  process.kill(stack.servers.pids().temporal!, 'SIGKILL');
  await watching;
  expect(statuses.at(-1)).toBe('ready');
  expect(await result).toMatchObject({ status: 'ready', frames: FRAMES });
});
