import { expect, it } from 'vitest';
import { createRanking, type ImageCase, worthOfObjects } from './rescore-case.js';
import type { StoredObject } from '../result/detection.js';

const imageCase = (id: string, worth: number): ImageCase => ({
  ...{ type: 'image', prediction_id: id, sha256: id, change: 'a → b', worth },
  ...{ before: { class: 'a', confidence: 1 }, after: { class: 'b', confidence: worth } },
});
const object = (conf: number): StoredObject => ({ class: 'car', box: [0, 0, 1, 1], conf });

it('keeps what is worth most, the first of equal ones first', () => {
  const { add, ranked } = createRanking(2);
  for (const [id, worth] of [
    ['a', 0.1],
    ['b', 0.5],
    ['c', 0.9],
    ['d', 0.9],
    ['e', 0.2],
  ] as const)
    add(imageCase(id, worth));
  const ids = ranked().map((found) => found.type === 'image' && found.prediction_id);
  expect(ids).toEqual(['c', 'd']);
});

it('values a frame by the difference that is worth most', () => {
  const changed = [{ a: object(0.9), b: object(0.3), overlap: 0.8 }];
  const nothing = { same: [], changed: [], vanished: [], appeared: [] };
  expect(worthOfObjects(nothing)).toBe(0);
  expect(worthOfObjects({ ...nothing, changed })).toBe(0.3);
  expect(worthOfObjects({ ...nothing, changed, appeared: [object(0.4)] })).toBe(0.4);
});
