import { describe, expect, it } from 'vitest';
import {
  boxBetween,
  type Corner,
  centredBox,
  moveBox,
  type Point,
  resizeBox,
} from './box-geometry.js';

const IMAGE = { width: 40, height: 30 };

describe('boxBetween', () => {
  it.each<[string, Point, Point, readonly number[]]>([
    ['accepts the corners in any order', [30, 20], [10, 8], [10, 8, 30, 20]],
    ['rounds to whole pixels', [9.6, 8.4], [30.2, 19.5], [10, 8, 30, 20]],
    ['stops at the edges of the image', [-5, -1], [99, 99], [0, 0, 40, 30]],
    ['is at least one pixel wide', [12, 9], [12, 9], [12, 9, 13, 10]],
    ['is at least one pixel wide at the far edge', [40, 30], [44, 33], [39, 29, 40, 30]],
  ])('%s', (_, a, b, expected) => {
    expect(boxBetween(a, b, IMAGE)).toEqual(expected);
  });
});

describe('moveBox', () => {
  it.each<[string, Point, readonly number[]]>([
    ['keeps its size', [3, -2], [13, 6, 23, 16]],
    ['stops at the left and the top', [-50, -50], [0, 0, 10, 10]],
    ['stops at the right and the bottom', [50, 50], [30, 20, 40, 30]],
  ])('%s', (_, by, expected) => {
    expect(moveBox([10, 8, 20, 18], by, IMAGE)).toEqual(expected);
  });
});

describe('resizeBox', () => {
  it.each<[Corner, Point, readonly number[]]>([
    ['nw', [-2, 3], [8, 11, 20, 18]],
    ['ne', [-2, 3], [10, 11, 18, 18]],
    ['sw', [-2, 3], [8, 8, 20, 21]],
    ['se', [-2, 3], [10, 8, 18, 21]],
    ['se', [-50, -50], [10, 8, 11, 9]],
    ['nw', [50, 50], [19, 17, 20, 18]],
    ['se', [50, 50], [10, 8, 40, 30]],
    ['nw', [-50, -50], [0, 0, 20, 18]],
  ])('moves corner %s by %j', (corner, by, expected) => {
    expect(resizeBox([10, 8, 20, 18], corner, by, IMAGE)).toEqual(expected);
  });
});

it('centres a box in an image, including the smallest one', () => {
  expect(centredBox({ width: 90, height: 60 })).toEqual([30, 20, 60, 40]);
  expect(centredBox({ width: 1, height: 1 })).toEqual([0, 0, 1, 1]);
});
