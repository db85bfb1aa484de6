import { describe, expect, it } from 'vitest';
import { classTotals, confidenceCounts, countsOverTime } from './counts.js';
import { SHOW_ALL } from './filter.js';

const object = (name: string, conf: number) => ({ class: name, conf, box: [0, 0, 1, 1] as const });
const entries = [
  { frame: 0, timestampMs: 0, objects: [object('car', 0.9), object('car', 0.3)] },
  { frame: 5, timestampMs: 100, objects: [object('car', 0.95), object('кот', 1)] },
  { frame: 10, timestampMs: 400, objects: [] },
];

describe('countsOverTime', () => {
  it.each([
    ['the maximum of each class per span', SHOW_ALL, { car: [2, 0], кот: [1, 0] }],
    [
      'objects above the minimum confidence',
      { ...SHOW_ALL, minConfidence: 0.9 },
      { car: [1, 0], кот: [1, 0] },
    ],
    [
      'objects exactly at the minimum confidence',
      { ...SHOW_ALL, minConfidence: 1 },
      { кот: [1, 0] },
    ],
    [
      'only one class',
      { ...SHOW_ALL, hiddenClasses: new Set(['car']), onlyClass: 'car' },
      { car: [2, 0] },
    ],
    ['only visible classes', { ...SHOW_ALL, hiddenClasses: new Set(['car']) }, { кот: [1, 0] }],
  ])('counts %s', (_, filter, counts) => {
    const found = countsOverTime(entries, filter, { spans: 2, durationMs: 400 });
    expect(Object.fromEntries(found)).toEqual(counts);
  });

  it('counts a frame until the next one', () => {
    const found = countsOverTime(entries, SHOW_ALL, { spans: 8, durationMs: 800 });
    expect(found.get('car')).toEqual([2, 1, 1, 1, 0, 0, 0, 0]);
  });

  it('counts a frame at the very end in the last span', () => {
    const end = [{ frame: 0, timestampMs: 400, objects: [object('car', 1)] }];
    const found = countsOverTime(end, SHOW_ALL, { spans: 4, durationMs: 400 });
    expect(found.get('car')).toEqual([0, 0, 0, 1]);
  });
});

it('counts a confidence of 1 in the last span', () => {
  const found = confidenceCounts(entries, SHOW_ALL, 2);
  expect(Object.fromEntries(found)).toEqual({ car: [1, 2], кот: [0, 1] });
});

it.each([
  [0, { car: 3, кот: 1 }],
  [0.9, { car: 2, кот: 1 }],
  [1, { кот: 1, car: 0 }],
])('counts the classes from a confidence of %d, the most frequent first', (minimum, totals) => {
  expect([...classTotals(entries, { minConfidence: minimum, onlyClass: undefined })]).toEqual(
    Object.entries(totals),
  );
});
