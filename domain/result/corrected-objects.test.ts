import { describe, expect, it } from 'vitest';
import type { Bbox } from './detection.js';
import { expectInside, newClasses } from './corrected-objects.js';

const SIZE = { width: 100, height: 50 };
const object = (box: Bbox, name = 'cat') => ({ class: name, box });

describe('expectInside', () => {
  it.each<[string, Bbox]>([
    ['fills the image', [0, 0, 100, 50]],
    ['is smaller than a pixel', [99.5, 49.5, 99.6, 49.6]],
  ])('accepts a box that %s', (_, box) => {
    expect(() => expectInside([object(box)], SIZE)).not.toThrow();
  });

  it.each<[string, Bbox]>([
    ['leaves it on the right', [0, 0, 100.1, 50]],
    ['leaves it at the bottom', [0, 0, 100, 51]],
    ['leaves it on the left', [-0.1, 0, 100, 50]],
    ['leaves it at the top', [0, -1, 100, 50]],
    ['has no width', [10, 0, 10, 50]],
    ['has corners in the wrong order', [0, 20, 10, 10]],
    ['is not finite', [0, 0, NaN, 10]],
  ])('names a box that %s', (_, box) => {
    const objects = [object([0, 0, 1, 1]), object(box)];
    expect(() => expectInside(objects, SIZE)).toThrow(/objects\.1\.box.*x2 <= 100.*y2 <= 50/);
  });
});

it('returns each class once that a model does not have', () => {
  const box: Bbox = [0, 0, 1, 1];
  const objects = ['fox', 'cat', 'лиса', 'fox'].map((name) => object(box, name));
  expect(newClasses(objects, ['cat', 'dog'])).toEqual(['fox', 'лиса']);
});
