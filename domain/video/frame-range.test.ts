import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countSampled, firstSampled, sampledFrames } from './frame-range.js';

describe('sampledFrames', () => {
  it.each<[from: number, to: number, every: number, expected: number[]]>([
    [0, 0, 5, []],
    [0, 1, 5, [0]],
    [0, 5, 5, [0]],
    [0, 6, 5, [0, 5]],
    [1, 5, 5, []],
    [1, 6, 5, [5]],
    [5, 6, 5, [5]],
    [3, 7, 1, [3, 4, 5, 6]],
    [7, 3, 1, []],
    [0, 10, 100, [0]],
  ])('of [%i, %i), every %i, are %j', (from, to, every, expected) => {
    expect(sampledFrames(from, to, every)).toEqual(expected);
    expect(countSampled(from, to, every)).toBe(expected.length);
    if (expected.length > 0) expect(firstSampled(from, every)).toBe(expected[0]);
  });

  it('are the multiples of the sampling, whatever the range', () => {
    const bounds = fc.tuple(fc.nat(500), fc.nat(500), fc.integer({ min: 1, max: 60 }));
    fc.assert(
      fc.property(bounds, ([from, length, every]) => {
        const all = Array.from({ length }, (_, i) => from + i);
        const expected = all.filter((frame) => frame % every === 0);
        expect(sampledFrames(from, from + length, every)).toEqual(expected);
      }),
    );
  });
});
