import { describe, expect, it } from 'vitest';
import { createArrivalOrder } from './access-unit.js';

describe('createArrivalOrder', () => {
  it.each<[what: string, times: number[], arrivals: number[]]>([
    ['keeps times that rise', [1000, 1040, 1080], [1000, 1040, 1080]],
    ['rounds to whole milliseconds', [1000.4, 1040.6], [1000, 1041]],
    ['separates units of one millisecond', [1000, 1000, 1000.2], [1000, 1001, 1002]],
    ['rises while the clock is behind', [1000, 400, 1001, 1050], [1000, 1001, 1002, 1050]],
  ])('%s', (_, times, arrivals) => {
    expect(times.map(createArrivalOrder())).toEqual(arrivals);
  });
});
