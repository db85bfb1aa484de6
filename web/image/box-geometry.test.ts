import { describe, expect, it } from 'vitest';
import {
  boxBetween,
  type Corner,
  middleBox,
  movedBox,
  type Point,
  resizedBox,
} from './box-geometry.js';

const PICTURE = { width: 40, height: 30 };

describe('a box between two points', () => {
  it.each<[string, Point, Point, readonly number[]]>([
    ['is the same from each corner', [30, 20], [10, 8], [10, 8, 30, 20]],
    ['has whole pixels', [9.6, 8.4], [30.2, 19.5], [10, 8, 30, 20]],
    ['ends at the edges of the picture', [-5, -1], [99, 99], [0, 0, 40, 30]],
    ['is a pixel wide at least', [12, 9], [12, 9], [12, 9, 13, 10]],
    ['is a pixel wide at the far edge too', [40, 30], [44, 33], [39, 29, 40, 30]],
  ])('%s', (_, a, b, expected) => {
    expect(boxBetween(a, b, PICTURE)).toEqual(expected);
  });
});

describe('a box that is moved', () => {
  it.each<[string, Point, readonly number[]]>([
    ['keeps its size', [3, -2], [13, 6, 23, 16]],
    ['stops at the left and the top', [-50, -50], [0, 0, 10, 10]],
    ['stops at the right and the bottom', [50, 50], [30, 20, 40, 30]],
  ])('%s', (_, by, expected) => {
    expect(movedBox([10, 8, 20, 18], by, PICTURE)).toEqual(expected);
  });
});

describe('a box whose corner is moved', () => {
  it.each<[Corner, Point, readonly number[]]>([
    ['nw', [-2, 3], [8, 11, 20, 18]],
    ['ne', [-2, 3], [10, 11, 18, 18]],
    ['sw', [-2, 3], [8, 8, 20, 21]],
    ['se', [-2, 3], [10, 8, 18, 21]],
    ['se', [-50, -50], [10, 8, 11, 9]],
    ['nw', [50, 50], [19, 17, 20, 18]],
    ['se', [50, 50], [10, 8, 40, 30]],
    ['nw', [-50, -50], [0, 0, 20, 18]],
  ])('%s by %j', (corner, by, expected) => {
    expect(resizedBox([10, 8, 20, 18], corner, by, PICTURE)).toEqual(expected);
  });
});

it('begins in the middle of a picture, also of the smallest', () => {
  expect(middleBox({ width: 90, height: 60 })).toEqual([30, 20, 60, 40]);
  expect(middleBox({ width: 1, height: 1 })).toEqual([0, 0, 1, 1]);
});
