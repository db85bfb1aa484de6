import { describe, expect, it } from 'vitest';
import { createReport, formatReport, median, quantile } from './report.js';

describe('median', () => {
  it.each([
    ['one value', [7], 7],
    ['two values', [1, 4], 2.5],
    ['unsorted values', [9, 1, 5], 5],
    ['an even number of values', [40, 10, 30, 20], 25],
    ['values that sort differently as text', [9, 10, 100], 10],
    ['equal values', [3, 3, 3, 3], 3],
    ['an outlier', [1, 1, 1_000_000], 1],
  ])('returns the median of %s', (_, values, expected) => {
    expect(median(values)).toBe(expected);
  });

  it('keeps the order of its argument', () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });
});

describe('quantile', () => {
  const values = [9, 100, 1, 30];
  it.each([
    ['the middle', 0.5, 9],
    ['a share between two values', 0.7, 30],
    ['the largest value', 1, 100],
    ['the smallest value', 0, 1],
  ])('returns %s', (_, share, expected) => {
    expect(quantile(values, share)).toBe(expected);
  });

  it('is not a number without values', () => {
    expect(quantile([], 0.5)).toBeNaN();
  });
});

describe('formatReport', () => {
  const run = (fps: number) => ({ event_id: 'e', frames: 10, seconds: 10 / fps, fps });
  const report = {
    ...createReport({ name: 'cars', path: 'cars.mp4', sampledFrames: 10 }),
    peer: { 2: [100, 80, 90].map((fps) => ({ ...run(fps), cpu_seconds: 1 })) },
    pipeline: { none: [{ ...run(45), cpuMsPerFrame: [['lanes', 12.345]] as [string, number][] }] },
    limit: [200, 180, 160],
    inference: [300],
  };
  const lines = formatReport(report).split('\n');
  const lineOf = (start: string) => lines.find((line) => line.startsWith(start))?.split(/\s{2,}/);

  it('compares medians with the script and the limit', () => {
    expect(lineOf('Vidette, frames: none')?.slice(1)).toEqual([
      '45.0',
      '45.0',
      '45.0',
      '0.50',
      '0.25',
    ]);
    expect(lineOf('script, 2')?.slice(1)).toEqual(['90.0', '80.0', '100.0', '1.00', '0.50']);
    expect(lineOf('inference alone')?.slice(1)).toEqual([
      '300.0',
      '300.0',
      '300.0',
      '3.33',
      '1.67',
    ]);
  });

  it('lists the CPU time of the last run', () => {
    expect(lineOf('  lanes')).toEqual(['', 'lanes', '12.35']);
  });
});
