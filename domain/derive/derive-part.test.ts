import { expect, it } from 'vitest';
import type { Bbox, StoredObject } from '../result/detection.js';
import type { Part } from '../result/part.js';
import { derivePart, type Narrowed } from './derive-part.js';

const object = (name: string, conf: number, box: Bbox): StoredObject => ({
  class: name,
  conf,
  box,
});
const CAR = object('car', 0.9, [0, 0, 100, 100]);
const SECOND = object('car', 0.5, [20, 0, 120, 100]); // IoU with CAR: 2/3
const PERSON = object('person', 0.7, [0, 0, 100, 100]);

const PART: Part = {
  device: 'gpu',
  failed: [5],
  rows: [
    { frame: 0, timestamp_ms: 0, objects: [CAR, PERSON, SECOND] },
    { frame: 1, timestamp_ms: 40, same_as: 0, objects: [CAR, PERSON, SECOND] },
  ],
  skipped: [{ frame: 5, reason: 'damaged' }],
};
const WIDE: Narrowed = { conf: 0.25, iou: 0.7, max_det: 300, classes: undefined };

it.each<[string, Partial<Narrowed>, StoredObject[]]>([
  ['all objects if nothing is narrower', {}, [CAR, PERSON, SECOND]],
  ['objects of at least the confidence', { conf: 0.7 }, [CAR, PERSON]],
  ['objects of the classes', { classes: ['person'] }, [PERSON]],
  ['the more confident of two that overlap', { iou: 0.6 }, [CAR, PERSON]],
  ['boxes of other classes that overlap', { iou: 0 }, [CAR, PERSON]],
  ['the most confident ones', { max_det: 1 }, [CAR]],
  ['the most confident of a class', { max_det: 1, classes: ['person'] }, [PERSON]],
])('keeps %s', (_, narrower, expected) => {
  const derived = derivePart(PART, { ...WIDE, ...narrower });
  expect(derived.rows.map(({ objects }) => objects)).toEqual([expected, expected]);
});

it('keeps frames, skipped frames and the device', () => {
  const { rows, ...rest } = derivePart(PART, { ...WIDE, conf: 1 });
  expect(rest).toEqual({ device: 'gpu', failed: PART.failed, skipped: PART.skipped });
  expect(rows).toEqual(PART.rows.map((row) => ({ ...row, objects: [] })));
});
