import { expect, it } from 'vitest';
import {
  crossesItself,
  depthInPolygon,
  distanceFromSegment,
  segmentsMeet,
  type Point,
  sideOf,
} from './geometry.js';

const SQUARE: Point[] = [
  [0, 0],
  [10, 0],
  [10, 10],
  [0, 10],
];

it('has the right of a line that points right below it', () => {
  expect(sideOf([0, 0], [1, 0], [0.5, 1])).toBeGreaterThan(0);
  expect(sideOf([0, 0], [1, 0], [0.5, -1])).toBeLessThan(0);
});

it.each<[Point, number]>([
  [[5, 3], 3],
  [[13, 4], 5],
  [[-2, 0], 2],
])('measures the distance of %j from a segment', (point, expected) => {
  expect(distanceFromSegment([0, 0], [10, 0], point)).toBeCloseTo(expected, 12);
});

it.each<[string, Point, Point, boolean]>([
  ['a crossing', [5, -1], [5, 1], true],
  ['an end on the segment', [5, 0], [5, 9], true],
  ['the same line, overlapping', [8, 0], [20, 0], true],
  ['the same line, apart', [11, 0], [20, 0], false],
  ['a passage beside the end', [11, -1], [11, 1], false],
  ['a parallel', [0, 1], [10, 1], false],
])('recognises %s', (_, c, d, expected) => {
  expect(segmentsMeet([0, 0], [10, 0], c, d)).toBe(expected);
  expect(segmentsMeet(c, d, [0, 0], [10, 0])).toBe(expected);
});

it.each<[Point, number]>([
  [[5, 5], 5],
  [[1, 5], 1],
  [[-3, 5], -3],
  [[13, 14], -5],
])('measures how deep %j is in a polygon', (point, expected) => {
  expect(depthInPolygon(SQUARE, point)).toBeCloseTo(expected, 12);
  expect(depthInPolygon(SQUARE.toReversed(), point)).toBeCloseTo(expected, 12);
});

it('knows the outside of a concave polygon', () => {
  const u: Point[] = [
    [0, 0],
    [3, 0],
    [3, 3],
    [2, 3],
    [2, 1],
    [1, 1],
    [1, 3],
    [0, 3],
  ];
  expect(depthInPolygon(u, [1.5, 2])).toBeLessThan(0);
  expect(depthInPolygon(u, [0.5, 2])).toBeGreaterThan(0);
});

it.each<[string, Point[], boolean]>([
  ['a square', SQUARE, false],
  ['a triangle', SQUARE.slice(1), false],
  ['a bow tie', [SQUARE[0]!, SQUARE[2]!, SQUARE[1]!, SQUARE[3]!], true],
  [
    'a side that runs back',
    [
      [0, 0],
      [10, 0],
      [5, 0],
      [5, 5],
    ],
    true,
  ],
  [
    'a last side that runs back',
    [
      [0, 0],
      [10, 0],
      [5, 5],
      [20, 0],
    ],
    true,
  ],
])('finds out whether %s crosses itself', (_, polygon, expected) => {
  expect(crossesItself(polygon)).toBe(expected);
});
