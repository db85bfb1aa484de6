import { expect, it } from 'vitest';
import { summariseItems } from './summarise-items.js';

const DATASET = { name: 'fish', version: 2, sha256: 'a'.repeat(64) };

async function* items() {
  await Promise.resolve();
  yield { source: { event_id: 'e1', frame_id: 5 }, by: 'ann' };
  yield { source: { prediction_id: 'p1' }, by: null };
  yield { source: { event_id: 'e2', frame_id: 5 }, by: 'bob' };
  yield { source: { event_id: 'e2', frame_id: 10 }, by: 'bob' };
  yield { source: { import: 'b'.repeat(64) }, by: 'bob' };
}

it('counts the people, jobs, predictions and imports of a data set', async () => {
  expect(await summariseItems(DATASET, items())).toEqual({
    ...DATASET,
    ...{ images: 5, predictions: 1, imports: 1 },
    people: [
      { by: 'bob', images: 3 },
      { by: 'ann', images: 1 },
      { by: null, images: 1 },
    ],
    jobs: [
      { event_id: 'e2', frames: 2 },
      { event_id: 'e1', frames: 1 },
    ],
  });
});
