import { expect, it } from 'vitest';
import { labelsNote } from './experiment-text.js';

const noteOf = (agree: readonly [number, number], differ: readonly [number, number]) => {
  const counts = ([labelled, images]: readonly [number, number]) => ({ labelled, images });
  return labelsNote({ labels: { agree: counts(agree), differ: counts(differ) } });
};

it('explains the accuracies if mostly images are labelled on which both versions differ', () => {
  expect(noteOf([3, 80], [1, 1])).toContain(
    'Labelled are 1 of 1 image on which both differ, and 3 of 80 images on which they agree.',
  );
});

it.each([
  ['without labels', [0, 80], [0, 20]],
  ['if the shares are nearly equal', [40, 80], [11, 20]],
  ['if both always agree', [3, 80], [0, 0]],
] as const)('does not explain them %s', (_, agree, differ) => {
  expect(noteOf(agree, differ)).toBeUndefined();
});

it('does not explain those of a split', () => {
  expect(labelsNote({ labels: null })).toBeUndefined();
});
