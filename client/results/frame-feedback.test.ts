import { beforeEach, describe, expect, it } from 'vitest';
import { eventDocument } from '../../test/support/events.js';
import { createMemoryDocumentStore } from '../../test/support/memory-document-store.js';
import { createMemoryObjectStore } from '../../test/support/memory-object-store.js';
import { planOf } from '../../test/support/plans.js';
import { BUCKETS, keys } from '../../domain/names.js';
import type { ModelRegistry } from '../../domain/ports/model-registry.js';
import type { CorrectedObject } from '../../domain/result/corrected-objects.js';
import { encodePart } from '../../domain/result/part.js';
import { addFrameFeedback, frameFeedbackPage } from './frame-feedback.js';

const CAT: CorrectedObject = { class: 'cat', box: [0, 0, 128, 64] };
const models = {
  resolve: () => Promise.resolve({ labels: ['cat', 'dog'] }),
} as unknown as ModelRegistry;

let deps: Parameters<typeof addFrameFeedback>[0];
beforeEach(async () => {
  const documents = createMemoryDocumentStore({ events: [eventDocument({ event_id: 'e1' })] });
  const objects = createMemoryObjectStore();
  await objects.ensureBucket(BUCKETS.results);
  await objects.put(BUCKETS.results, keys.plan('e1'), JSON.stringify(planOf([20], 5)));
  const rows = [0, 5, 15].map((frame) => ({ frame, timestamp_ms: frame * 40, objects: [] }));
  const skipped = [{ frame: 10, reason: 'damaged' }];
  const part = encodePart({ device: 'cpu', failed: [], rows, skipped });
  await objects.put(BUCKETS.results, keys.part('e1', 0), part);
  deps = { documents, objects, models };
});

const add = (frame_id: number, objects: readonly CorrectedObject[], by?: string) =>
  addFrameFeedback(deps, 'e1', { frame_id, objects, by });

describe('feedback on a frame', () => {
  it('is stored, and names the classes that the model does not have', async () => {
    const fox = { ...CAT, class: 'fox' };
    const stored = { event_id: 'e1', frame_id: 5, new_classes: ['fox'] };
    expect(await add(5, [CAT, fox], 'ann')).toEqual(stored);
    expect(await frameFeedbackPage(deps, 'e1')).toMatchObject({
      feedback: [{ frame_id: 5, by: 'ann', objects: [CAT, fox] }],
      next: null,
    });
  });

  it('is paged, with the latest of each person', async () => {
    await add(5, [CAT], 'ann');
    await add(5, [], 'ann');
    await add(5, [CAT]);
    await add(0, []);
    const first = await frameFeedbackPage(deps, 'e1', { limit: 2 });
    expect(first.feedback).toMatchObject([
      { frame_id: 0, by: null },
      { frame_id: 5, by: null },
    ]);
    const second = await frameFeedbackPage(deps, 'e1', { limit: 2, cursor: first.next! });
    expect(second).toMatchObject({ feedback: [{ by: 'ann', objects: [] }], next: null });
  });

  it.each([
    ['was not sampled', 7],
    ['was skipped', 10],
    ['is outside the video', 20],
  ])('is rejected for a frame that %s', async (_, frame) => {
    await expect(add(frame, [])).rejects.toMatchObject({ code: 'FRAME_NOT_FOUND' });
  });

  it('is rejected for an unknown job, a box outside the frame and a wrong cursor', async () => {
    const unknown = addFrameFeedback(deps, 'e2', { frame_id: 5, objects: [] });
    await expect(unknown).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' });
    await expect(frameFeedbackPage(deps, 'e2')).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' });
    const outside = add(5, [{ class: 'cat', box: [0, 0, 129, 64] }]);
    await expect(outside).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    const page = frameFeedbackPage(deps, 'e1', { cursor: 'x' });
    await expect(page).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    expect((await frameFeedbackPage(deps, 'e1')).feedback).toEqual([]);
  });
});
