import { describe, expect, it } from 'vitest';
import { area, type Bbox, iou, toStored } from './detection.js';

describe('area', () => {
  it.each<[Bbox, number]>([
    [[0, 0, 2, 3], 6],
    [[1, 1, 1, 5], 0],
    [[5, 5, 1, 9], 0],
    [[-2, -2, 2, 2], 16],
  ])('of %j is %d', (bbox, expected) => {
    expect(area(bbox)).toBe(expected);
  });
});

describe('iou', () => {
  const unit: Bbox = [0, 0, 2, 2];
  it.each<[what: string, a: Bbox, b: Bbox, expected: number]>([
    ['the same', unit, unit, 1],
    ['half over', unit, [1, 0, 3, 2], 1 / 3],
    ['a box within', [0, 0, 4, 4], unit, 1 / 4],
    ['neighbours that touch', unit, [2, 0, 4, 2], 0],
    ['far apart', unit, [9, 9, 10, 10], 0],
    ['without extent', [1, 1, 1, 1], [1, 1, 1, 1], 0],
  ])('of boxes, %s', (_, a, b, expected) => {
    expect(iou(a, b)).toBeCloseTo(expected, 12);
    expect(iou(b, a)).toBeCloseTo(expected, 12);
  });
});

describe('toStored', () => {
  const frame = { width: 100, height: 50 };
  const detection = { classId: 1, confidence: 0.123456, bbox: [1.9, 2.1, 30.99, 40] as const };

  it('names the class, truncates the box and keeps five decimals', () => {
    const stored = toStored(detection, frame, ['car', 'bus']);
    expect(stored).toEqual({ class: 'bus', box: [1, 2, 30, 40], conf: 0.12346 });
  });

  it.each<[Bbox, Bbox]>([
    [
      [-3.5, -0.1, 120, 50.9],
      [0, 0, 100, 50],
    ],
    [
      [-9, -9, -1, -1],
      [0, 0, 0, 0],
    ],
    [
      [99.9, 49.9, 100, 50],
      [99, 49, 100, 50],
    ],
  ])('clips %j to the frame', (bbox, expected) => {
    const { box } = toStored({ ...detection, bbox }, frame, ['car', 'bus']);
    expect(box.map((value) => value + 0)).toEqual(expected);
  });

  it('names a class without a label by its number', () => {
    expect(toStored({ ...detection, classId: 7 }, frame, ['car']).class).toBe('7');
  });
});
