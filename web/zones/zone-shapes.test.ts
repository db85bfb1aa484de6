import { describe, expect, it } from 'vitest';
import type { ZoneOrLine } from '../../api/types.js';
import { sideOf } from '../../domain/zone/geometry.js';
import {
  arrowOf,
  centredPoints,
  findProblem,
  moveCorner,
  moveShape,
  nextName,
  removeCorner,
  type Shape,
  shapesOf,
  zonesOf,
} from './zone-shapes.js';

const EXTENT = { width: 200, height: 100 };
const ZONE: Shape = {
  ...{ id: 0, kind: 'zone', name: 'room' },
  points: [
    [0.5, 0.5],
    [1, 0.5],
    [1, 1],
    [0.5, 1],
  ],
};
const LINE: Shape = {
  ...{ id: 1, kind: 'line', name: 'door' },
  points: [
    [0.25, 0.5],
    [0.75, 0.5],
  ],
};

it('returns stored zones unchanged', () => {
  const stored: ZoneOrLine[] = [
    { kind: 'line', name: 'door', points: [[0.123456, 0], [1, 1]], classes: ['person'] }, // prettier-ignore
  ];
  expect(zonesOf(shapesOf(stored))).toEqual(stored);
});

describe('a move', () => {
  it('of a corner stops at the edge of the frame', () => {
    expect(moveCorner(ZONE, 0, [-20, 10], EXTENT).points[0]).toEqual([0.4, 0.6]);
    expect(moveCorner(ZONE, 1, [50, -80], EXTENT).points[1]).toEqual([1, 0]);
  });

  it('of a shape keeps its form and stops at the edge of the frame', () => {
    const moved = moveShape(ZONE, [-20, 40], EXTENT).points;
    expect(moved).toEqual([
      [0.4, 0.5],
      [0.9, 0.5],
      [0.9, 1],
      [0.4, 1],
    ]);
  });
});

it('removes a corner, but keeps a triangle and a line', () => {
  const triangle = removeCorner(ZONE, 3)!;
  expect(triangle.points).toEqual(ZONE.points.slice(0, 3));
  expect(removeCorner(triangle, 0)).toBeUndefined();
  expect(removeCorner(LINE, 0)).toBeUndefined();
});

it.each([
  ['right', LINE.points],
  ['left', LINE.points.toReversed()],
  ['down', LINE.points.map(([x, y]) => [y, x] as const)],
])('points an arrow of a line that runs to the %s to where objects go in', (_, points) => {
  const [from, to] = arrowOf(points, EXTENT)!;
  const [start, end] = points.map(([x, y]) => [x * 200, y * 100] as const);
  expect(sideOf(start!, end!, to)).toBeGreaterThan(0);
  expect(sideOf(start!, end!, from)).toBeCloseTo(0, 9);
  expect(Math.hypot(to[0] - from[0], to[1] - from[1])).toBeCloseTo(9, 9);
});

it('has no arrow for a line of one point', () => {
  expect(arrowOf([LINE.points[0]!], EXTENT)).toBeUndefined();
  expect(arrowOf([LINE.points[0]!, LINE.points[0]!], EXTENT)).toBeUndefined();
});

it('places shapes that are added by keyboard in the middle', () => {
  expect(centredPoints('zone', EXTENT)).toHaveLength(4);
  const [[left, top], [right]] = centredPoints('line', EXTENT) as [[number, number], [number]];
  expect([left + right, top]).toEqual([1, 0.5]);
});

it('finds the next free name', () => {
  expect(nextName('zone', [{ name: 'zone-1' }, { name: 'zone-3' }])).toBe('zone-2');
});

const crossed = [ZONE.points[0]!, ZONE.points[2]!, ZONE.points[1]!, ZONE.points[3]!];
it.each<[string, readonly Shape[], RegExp | undefined]>([
  ['nothing wrong', [ZONE, LINE], undefined],
  ['an empty name', [{ ...ZONE, name: '' }], /letters/],
  ['a name with a space', [{ ...ZONE, name: 'a b' }], /“a b”/],
  ['two of one name', [ZONE, { ...LINE, name: 'room' }], /Two shapes/],
  ['sides that cross', [{ ...ZONE, points: crossed }], /cross each other/],
  ['no area', [{ ...ZONE, points: [[0, 0], [0.001, 0], [0, 0.001]] }], /too small/], // prettier-ignore
])('finds %s', (_, shapes, expected) => {
  const text = findProblem(shapes)?.text;
  if (expected) expect(text).toMatch(expected);
  else expect(text).toBeUndefined();
});
