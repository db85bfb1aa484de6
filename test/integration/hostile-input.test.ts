import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EventDocument } from '../../domain/job/event.js';
import { VIDEO_DETECTION, workflowIdOf } from '../../domain/names.js';
import { VIDEO_QUEUE } from '../../domain/job/task-queues.js';
import { CLIP_KINDS, makeClip } from '../support/clips.js';
import { HOSTILE_NAMES, NO_NAMES } from '../support/hostile-names.js';
import { startStack, type TestStack } from '../support/stack.js';
import { clientOf } from '../support/vidette-client.js';

let stack: TestStack;
beforeAll(async () => {
  stack = await startStack();
  const path = join(stack.folder, 'clip.mp4');
  await makeClip({ ...CLIP_KINDS[0]!, frames: 60 }, path);
  await stack.putVideo('clip', path);
  // Something that a query with an operator would find.
  await stack.run({ video_id: 'clip', event_id: 'victim' });
});
afterAll(() => stack?.close());

/** Starts a workflow as anybody can who reaches Temporal: nothing has checked its input. */
async function failureOf(input: unknown, id: string): Promise<string> {
  const handle = await stack.client.workflow.start(VIDEO_DETECTION, {
    ...{ taskQueue: VIDEO_QUEUE, workflowId: workflowIdOf(id), args: [input] },
  });
  return handle.result().then(
    () => 'ready',
    (error: Error) => String(error.cause),
  );
}

test.each(['video_id', 'event_id', 'model', 'bucket', 'rerun_of'])(
  'a workflow takes no operator as its %s',
  async (field) => {
    const inputs = [...NO_NAMES, '../x', '$where', 'a\0'];
    const failures = await Promise.all(
      inputs.map((value, i) => failureOf({ video_id: 'clip', [field]: value }, `no-${field}-${i}`)),
    );
    for (const failure of failures) expect(failure).toContain(`Wrong input: ${field}`);
  },
);

test('the document store takes no operator and no hostile name as an id', async () => {
  const { documents } = stack;
  const victim = (await documents.findEvent('victim'))!;
  expect(victim.status).toBe('ready');
  for (const value of [...NO_NAMES, ...HOSTILE_NAMES]) {
    // What a caller without types may give.
    const id = value as string;
    const event = { ...victim, event_id: id } as EventDocument;
    const asks: readonly (() => Promise<unknown>)[] = [
      () => documents.findEvent(id),
      () => documents.insertEvent(event),
      () => documents.updateEvent(id, victim.run_id, { status: 'failed' }),
      () => documents.adoptEvent(id, { status: 'failed' }),
    ];
    for (const ask of asks) {
      const asked = Promise.resolve().then(ask);
      await expect(asked).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    }
  }
  // The other part of the filter is no operator either.
  const anyRun = { $ne: null } as unknown as string;
  const change = documents.updateEvent('victim', anyRun, { status: 'failed' });
  expect(await change.catch(() => false)).toBe(false);
  expect(await documents.findEvent('victim')).toEqual(victim);
});

test('the client refuses hostile ids', async () => {
  const client = clientOf(stack);
  for (const id of HOSTILE_NAMES) {
    await expect(client.result(id), JSON.stringify(id)).rejects.toMatchObject({
      name: 'AppError',
    });
    await expect(client.submit({ video_id: id })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    const options = { event_id: id };
    const submitted = client.submit({ video_id: 'clip' }, options);
    await expect(submitted).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    if (id === '') continue;
    const model = `${id}@1`;
    const named = client.submit({ video_id: 'clip' }, { model });
    await expect(named, model).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  }
});
