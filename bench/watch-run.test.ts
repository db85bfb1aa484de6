import { describe, expect, it } from 'vitest';
import { steadyFps } from './watch-run.js';

const samplesOf = (...points: readonly [at: number, done: number][]) =>
  points.map(([at, done]) => ({ at, done, total: 100 }));

describe('steadyFps', () => {
  it('ignores a slow start and a slow end', () => {
    expect(
      steadyFps(samplesOf([0, 0], [10_000, 20], [11_000, 50], [12_000, 80], [60_000, 100])),
    ).toBe(30);
  });

  it('includes samples at both limits', () => {
    expect(steadyFps(samplesOf([0, 20], [2000, 80]))).toBe(30);
  });

  it.each<[string, readonly [number, number][]]>([
    ['there are no samples', []],
    ['there is one sample', [[1000, 50]]],
    [
      'no frame was completed between two samples',
      [
        [1000, 50],
        [2000, 50],
      ],
    ],
    [
      'all samples are outside of the limits',
      [
        [0, 19],
        [1000, 81],
      ],
    ],
    [
      'two samples have the same time',
      [
        [1000, 30],
        [1000, 60],
      ],
    ],
  ])('returns NaN if %s', (_, points) => {
    expect(steadyFps(samplesOf(...points))).toBeNaN();
  });
});
