import { describe, expect, it } from 'vitest';
import type { Bbox } from '../domain/result/detection.js';
import { compareRows } from './compare-rows.js';

const car = (...box: Bbox) => ({ class: 'car', box, conf: 0.5 });
const bus = (...box: Bbox) => ({ ...car(...box), class: 'bus' });
const row = (frame: number, ...objects: ReturnType<typeof car>[]) => {
  return { frame, timestamp_ms: 0, objects };
};
const A: Bbox = [0, 0, 100, 100];

describe('compareRows', () => {
  it.each([
    ['the same', [car(...A)], [car(...A)], { objects: 1, lost: 0, added: 0, moved: 0, changed: 0 }],
    ['no objects', [], [], { objects: 0, lost: 0, added: 0, moved: 0, changed: 0 }],
    ['a lost object', [car(...A)], [], { objects: 1, lost: 1, added: 0, moved: 0, changed: 1 }],
    ['an added object', [], [car(...A)], { objects: 0, lost: 0, added: 1, moved: 0, changed: 0 }],
    [
      'another class',
      [car(...A)],
      [bus(...A)],
      { objects: 1, lost: 1, added: 1, moved: 0, changed: 1 },
    ],
    [
      'IoU of 0.9',
      [car(...A)],
      [car(0, 0, 90, 100)],
      { objects: 1, lost: 0, added: 0, moved: 0, changed: 1 },
    ],
    [
      'IoU of 0.89',
      [car(...A)],
      [car(0, 0, 89, 100)],
      { objects: 1, lost: 0, added: 0, moved: 1, changed: 1 },
    ],
    [
      'IoU of 0.5',
      [car(...A)],
      [car(0, 0, 50, 100)],
      { objects: 1, lost: 0, added: 0, moved: 1, changed: 1 },
    ],
    [
      'IoU of 0.49',
      [car(...A)],
      [car(0, 0, 49, 100)],
      { objects: 1, lost: 1, added: 1, moved: 0, changed: 1 },
    ],
  ])('counts %s', (_, before, after, expected) => {
    expect(compareRows([row(0, ...before)], [row(0, ...after)])).toEqual(expected);
  });

  it('compares frames with the same id', () => {
    const before = [row(0, car(...A)), row(5)];
    const after = [row(0), row(5, car(...A))];
    expect(compareRows(before, after)).toEqual({
      objects: 1,
      lost: 1,
      added: 1,
      moved: 0,
      changed: 1,
    });
  });
});
