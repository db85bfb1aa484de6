import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { iou, type Bbox, type Detection } from '../domain/detection.js';
import { suppress } from './nms.js';

const detection = (classId: number, confidence: number, bbox: Bbox): Detection => ({
  classId,
  confidence,
  bbox,
});

/** IoU with BOX: 1/3, and 0.5 for HALF. */
const BOX: Bbox = [0, 0, 2, 2];
const SHIFTED: Bbox = [1, 0, 3, 2];
const HALF: Bbox = [0, 0, 2, 1];
const options = { iou: 0.45, maxDetections: 300 };

describe('suppress', () => {
  it('keeps the higher confidence of two overlapping boxes of a class', () => {
    const low = detection(1, 0.6, HALF);
    const high = detection(1, 0.7, BOX);
    expect(suppress([low, high], options)).toEqual([high]);
  });

  it('keeps overlapping boxes of two classes', () => {
    const candidates = [detection(1, 0.7, BOX), detection(2, 0.6, BOX)];
    expect(suppress(candidates, options)).toEqual(candidates);
  });

  it.each([
    // overlap is 0.5: dropped only above the threshold
    [0.49, 1],
    [0.5, 2],
    [0.51, 2],
    [0, 1],
    [1, 2],
  ])('with IoU threshold %f keeps %i of two boxes that overlap by half', (threshold, kept) => {
    const candidates = [detection(1, 0.7, BOX), detection(1, 0.6, HALF)];
    expect(suppress(candidates, { ...options, iou: threshold })).toHaveLength(kept);
  });

  it('does not let a dropped box drop others', () => {
    const [a, b, c] = [
      detection(1, 0.9, [0, 0, 4, 2]),
      detection(1, 0.8, [1, 0, 5, 2]),
      detection(1, 0.7, [2, 0, 6, 2]),
    ];
    expect(suppress([c, b, a], options)).toEqual([a, c]);
  });

  it('keeps the order of candidates of equal confidence', () => {
    const first = detection(1, 0.5, SHIFTED);
    const second = detection(1, 0.5, BOX);
    expect(suppress([first, second], options)).toEqual([first, second]);
    expect(suppress([second, first], options)).toEqual([second, first]);
  });

  it('keeps only the wanted classes, and counts only them', () => {
    const candidates = [detection(1, 0.9, BOX), detection(2, 0.8, BOX), detection(3, 0.7, BOX)];
    const classIds = new Set([2, 3]);
    expect(suppress(candidates, { ...options, maxDetections: 1, classIds })).toEqual([
      candidates[1],
    ]);
    expect(suppress(candidates, { ...options, classIds: new Set() })).toEqual([]);
  });

  it('gives nothing for nothing', () => {
    expect(suppress([], options)).toEqual([]);
  });

  it('gives a subset in falling order in which no two of a class overlap, and misses nothing', () => {
    const side = fc.integer({ min: 1, max: 20 });
    const anyDetection = fc
      .record({ classId: fc.nat(2), confidence: fc.integer({ min: 0, max: 20 }), x: side, y: side })
      .chain(({ classId, confidence, x, y }) =>
        fc
          .tuple(side, side)
          .map(([w, h]) => detection(classId, confidence / 20, [x, y, x + w, y + h])),
      );
    const threshold = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(anyDetection, { maxLength: 40 }), threshold, (candidates, limit) => {
        const kept = suppress(candidates, { iou: limit, maxDetections: 1000 });
        const overlaps = (a: Detection, b: Detection) =>
          a.classId === b.classId && iou(a.bbox, b.bbox) > limit;
        expect(new Set(kept).size).toBe(kept.length);
        kept.forEach((one, i) => {
          expect(candidates).toContain(one);
          expect(one.confidence).toBeLessThanOrEqual(kept[i - 1]?.confidence ?? 1);
          expect(kept.some((other) => other !== one && overlaps(one, other))).toBe(false);
        });
        const dropped = candidates.filter((candidate) => !kept.includes(candidate));
        for (const one of dropped) {
          expect(kept.some((k) => overlaps(k, one) && k.confidence >= one.confidence)).toBe(true);
        }
        const first = suppress(candidates, { iou: limit, maxDetections: 3 });
        expect(first).toEqual(kept.slice(0, 3));
      }),
    );
  });
});
