import { describe, expect, it } from 'vitest';
import type { Bbox } from '../../domain/result/detection.js';
import { mainObject, regionAround } from './main-object.js';

const SIZE = { width: 100, height: 80 };
const object = (confidence: number, ...bbox: Bbox) => ({ confidence, bbox });

describe('the main object', () => {
  it.each([
    { what: 'of none', objects: [], main: undefined },
    {
      what: 'is the larger of two that are as sure',
      objects: [object(0.5, 0, 0, 10, 10), object(0.5, 0, 0, 11, 10)],
      main: 1,
    },
    {
      what: 'is a surer one of less area when the product is larger',
      objects: [object(0.3, 0, 0, 20, 10), object(0.9, 0, 0, 10, 10)],
      main: 1,
    },
    {
      what: 'is the first of equal ones',
      objects: [object(0.5, 0, 0, 10, 10), object(0.5, 20, 20, 30, 30)],
      main: 0,
    },
    {
      what: 'counts only the part inside the image',
      objects: [object(0.5, 90, 0, 400, 20), object(0.5, 0, 0, 15, 20)],
      main: 1,
    },
    {
      what: 'is undefined without a part inside the image',
      objects: [object(0.9, 10, 10, 10, 30), object(0.9, 100, 0, 140, 40)],
      main: undefined,
    },
  ])('$what', ({ objects, main }) => {
    expect(mainObject(objects, SIZE)).toBe(main === undefined ? undefined : objects[main]);
  });
});

describe('the region around a box', () => {
  it.each<[Bbox, number, number[]]>([
    [[10, 10, 30, 20], 0.1, [8, 9, 24, 12]],
    [[10, 10, 30, 20], 0, [10, 10, 20, 10]],
    [[10.5, 10.5, 30.2, 20.9], 0, [10, 10, 21, 11]],
    // At the borders the margin ends.
    [[0, 0, 100, 80], 0.1, [0, 0, 100, 80]],
    [[-20, -5, 40, 200], 0.1, [0, 0, 46, 80]],
    // At least a pixel, and a pixel of the image.
    [[50, 50, 50, 50], 0.1, [50, 50, 1, 1]],
    [[150, 90, 160, 95], 0, [99, 79, 1, 1]],
  ])('%j with a margin of %d', (bbox, margin, [left, top, width, height]) => {
    expect(regionAround(bbox, SIZE, margin)).toEqual({ left, top, width, height });
  });
});
