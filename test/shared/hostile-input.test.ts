import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EventDocument } from '../../domain/job/event.js';
import { VIDEO_DETECTION } from '../../domain/names.js';
import { workflowIdOf } from '../../domain/workflow-ids.js';
import { VIDEO_QUEUE } from '../../domain/job/task-queues.js';
import { CLIP_KINDS, makeClip } from '../support/clips.js';
import { HOSTILE_NAMES, NO_NAMES } from '../support/hostile-names.js';
import { connectSharedStack, type SharedConnection } from '../support/shared-stack.js';
import { clientOf } from '../support/vidette-client.js';

let stack: SharedConnection;
beforeAll(async () => {
  stack = await connectSharedStack();
  const path = join(stack.folder, 'clip.mp4');
  await makeClip({ ...CLIP_KINDS[0]!, frames: 60 }, path);
  await stack.putVideo('hostile-input', path);
  // A query with an operator would find this event.
  await stack.run({ video_id: 'hostile-input', event_id: 'hostile-input-victim' });
});
afterAll(() => stack?.close());

/** Starts a workflow with unchecked input, as anyone who reaches Temporal can. */
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
  'a workflow rejects a query operator as its %s',
  async (field) => {
    const inputs = [...NO_NAMES, '../x', '$where', 'a\0'];
    const failures = await Promise.all(
      inputs.map((value, i) =>
        failureOf({ video_id: 'hostile-input', [field]: value }, `hostile-input-${field}-${i}`),
      ),
    );
    for (const failure of failures) expect(failure).toContain(`Invalid input: ${field}`);
  },
);

test('the document store rejects query operators and hostile names as ids', async () => {
  const { documents } = stack;
  const victim = (await documents.findEvent('hostile-input-victim'))!;
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
  // The other part of the filter is not an operator either.
  const anyRun = { $ne: null } as unknown as string;
  const change = documents.updateEvent('hostile-input-victim', anyRun, { status: 'failed' });
  expect(await change.catch(() => false)).toBe(false);
  expect(await documents.findEvent('hostile-input-victim')).toEqual(victim);
});

test('the client rejects hostile ids', async () => {
  const client = clientOf(stack);
  for (const id of HOSTILE_NAMES) {
    await expect(client.result(id), JSON.stringify(id)).rejects.toMatchObject({
      name: 'AppError',
    });
    await expect(client.submit({ video_id: id })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    const options = { event_id: id };
    const submitted = client.submit({ video_id: 'hostile-input' }, options);
    await expect(submitted).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    if (id === '') continue;
    const model = `${id}@1`;
    const named = client.submit({ video_id: 'hostile-input' }, { model });
    await expect(named, model).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  }
});
