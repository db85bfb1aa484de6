import { describe, expect, it } from 'vitest';
import { steadyFps } from './watch-run.js';

const seen = (...points: readonly [at: number, done: number][]) =>
  points.map(([at, done]) => ({ at, done, total: 100 }));

describe('the speed in the middle of a job', () => {
  it('leaves out its slow start and its slow end', () => {
    expect(steadyFps(seen([0, 0], [10_000, 20], [11_000, 50], [12_000, 80], [60_000, 100]))).toBe(
      30,
    );
  });

  it('takes the frames at both borders', () => {
    expect(steadyFps(seen([0, 20], [2000, 80]))).toBe(30);
  });

  it.each<[string, readonly [number, number][]]>([
    ['nothing was seen', []],
    ['one moment was seen', [[1000, 50]]],
    [
      'nothing was done between two looks',
      [
        [1000, 50],
        [2000, 50],
      ],
    ],
    [
      'it was seen at its borders only',
      [
        [0, 19],
        [1000, 81],
      ],
    ],
    [
      'two looks fell into one moment',
      [
        [1000, 30],
        [1000, 60],
      ],
    ],
  ])('is unknown where %s', (_, points) => {
    expect(steadyFps(seen(...points))).toBeNaN();
  });
});
