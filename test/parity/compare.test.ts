import { describe, expect, it } from 'vitest';
import { addAgreements, compareDetections, shareOf, type Compared } from './compare.js';

const car = (conf: number, x = 0): Compared => ({ class: 'car', box: [x, 0, x + 10, 10], conf });

describe('compareDetections', () => {
  it.each<[string, Compared[], Compared[], [number, number, number, number]]>([
    ['the same', [car(0.9)], [car(0.9)], [1, 1, 1, 1]],
    ['a lost detection', [car(0.4)], [], [0, 1, 0, 0]],
    ['a reference below the minimum confidence', [car(0.39)], [], [0, 0, 0, 0]],
    ['an added detection', [], [car(0.4)], [0, 0, 0, 1]],
    ['a detection at the threshold', [car(0.9)], [car(0.25)], [1, 1, 0, 0]],
    ['a detection below the threshold', [car(0.9)], [car(0.24)], [0, 1, 0, 0]],
    ['boxes with IoU 0.54', [car(0.9)], [car(0.9, 3)], [1, 1, 1, 1]],
    ['boxes with IoU 0.43', [car(0.9)], [car(0.9, 4)], [0, 1, 0, 1]],
    ['another class', [car(0.9)], [{ ...car(0.9), class: 'bus' }], [0, 1, 0, 1]],
  ])('counts %s', (_, reference, actual, [found, of, foundBack, ofBack]) => {
    expect(compareDetections(reference, actual)).toEqual({
      reference: { matched: found, total: of },
      actual: { matched: foundBack, total: ofBack },
    });
  });

  it('pools counts and returns their share', () => {
    const pooled = addAgreements(
      compareDetections([car(0.9)], [car(0.9)]),
      compareDetections([car(0.9)], []),
    );
    expect(shareOf(pooled.reference)).toBe(0.5);
    expect(shareOf(pooled.actual)).toBe(1);
  });
});
