import { describe, expect, it } from 'vitest';
import { median } from './report.js';

describe('the median', () => {
  it.each([
    ['one value', [7], 7],
    ['two values', [1, 4], 2.5],
    ['values in no order', [9, 1, 5], 5],
    ['an even number of values', [40, 10, 30, 20], 25],
    ['values that sort differently as text', [9, 10, 100], 10],
    ['equal values', [3, 3, 3, 3], 3],
    ['one that is far off', [1, 1, 1_000_000], 1],
  ])('of %s', (_, values, expected) => {
    expect(median(values)).toBe(expected);
  });

  it('leaves the values in their order', () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });
});
