import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { iou, type Bbox, type Detection } from '../../domain/result/detection.js';
import { addCandidate, createCandidates } from './candidates.js';
import { type NmsOptions, nms as suppressCandidates, topK } from './nms.js';

const detection = (classId: number, confidence: number, bbox: Bbox): Detection => ({
  classId,
  confidence,
  bbox,
});

function candidatesOf(detections: readonly Detection[]) {
  const candidates = createCandidates();
  for (const { classId, confidence, bbox } of detections) {
    expect(addCandidate(candidates, classId, confidence, ...bbox)).toBe(true);
  }
  return candidates;
}

const suppress = (detections: readonly Detection[], options: NmsOptions) =>
  suppressCandidates(candidatesOf(detections), options);

/** IoU with BOX: 1/3, and 0.5 for HALF. */
const BOX: Bbox = [0, 0, 2, 2];
const SHIFTED: Bbox = [1, 0, 3, 2];
const HALF: Bbox = [0, 0, 2, 1];
const options = { iou: 0.45, maxDetections: 300 };

describe('nms', () => {
  it('keeps the higher confidence of two overlapping boxes of a class', () => {
    const low = detection(1, 0.6, HALF);
    const high = detection(1, 0.7, BOX);
    expect(suppress([low, high], options)).toEqual([high]);
  });

  it('keeps overlapping boxes of two classes', () => {
    const candidates = [detection(1, 0.7, BOX), detection(2, 0.6, BOX)];
    expect(suppress(candidates, options)).toEqual(candidates);
  });

  it('keeps the higher confidence of two classes if it is class-agnostic', () => {
    const candidates = [detection(1, 0.6, BOX), detection(2, 0.7, BOX), detection(1, 0.5, SHIFTED)];
    const agnostic = suppress(candidates, { ...options, agnostic: true });
    expect(agnostic).toEqual([candidates[1], candidates[2]]);
  });

  it.each([
    // The IoU is 0.5; a box is dropped only above the threshold.
    [0.49, 1],
    [0.5, 2],
    [0.51, 2],
    [0, 1],
    [1, 2],
  ])('with IoU threshold %f keeps %i of two boxes that overlap by half', (threshold, kept) => {
    const candidates = [detection(1, 0.7, BOX), detection(1, 0.6, HALF)];
    expect(suppress(candidates, { ...options, iou: threshold })).toHaveLength(kept);
  });

  it('does not suppress boxes by a suppressed box', () => {
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

  it('keeps only the requested classes and applies the limit to them', () => {
    const candidates = [detection(1, 0.9, BOX), detection(2, 0.8, BOX), detection(3, 0.7, BOX)];
    const classIds = new Set([2, 3]);
    expect(suppress(candidates, { ...options, maxDetections: 1, classIds })).toEqual([
      candidates[1],
    ]);
    expect(suppress(candidates, { ...options, classIds: new Set() })).toEqual([]);
  });

  it('returns nothing for no candidates', () => {
    expect(suppress([], options)).toEqual([]);
  });

  it('suppresses more boxes than the initial capacity', () => {
    const many = Array.from({ length: 3000 }, (_, i) => detection(1, i / 3000, BOX));
    expect(suppress(many, options)).toEqual([many.at(-1)]);
    const apart = many.map((one, i) => ({ ...one, bbox: [3 * i, 0, 3 * i + 2, 2] as const }));
    expect(suppress(apart, { ...options, maxDetections: 5000 })).toEqual(apart.toReversed());
  });

  it('returns a sorted, maximal subset in which no two boxes of a class overlap', () => {
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
      fc.property(
        fc.array(anyDetection, { maxLength: 40 }),
        threshold,
        fc.boolean(),
        (candidates, limit, agnostic) => {
          const kept = suppress(candidates, { iou: limit, maxDetections: 1000, agnostic });
          const overlaps = (a: Detection, b: Detection) =>
            (agnostic || a.classId === b.classId) && iou(a.bbox, b.bbox) > limit;

          kept.forEach((one, i) => {
            expect(candidates).toContainEqual(one);
            expect(one.confidence).toBeLessThanOrEqual(kept[i - 1]?.confidence ?? 1);
            expect(kept.some((other) => other !== one && overlaps(one, other))).toBe(false);
          });
          // Each candidate is kept or overlaps a kept one of at least its confidence.
          for (const one of candidates) {
            const reason = kept.some((k) => overlaps(k, one) && k.confidence >= one.confidence);
            expect(reason || kept.some((k) => isDeepStrictEqual(k, one))).toBe(true);
          }
          const first = suppress(candidates, { iou: limit, maxDetections: 3, agnostic });
          expect(first).toEqual(kept.slice(0, 3));
        },
      ),
    );
  });
});

describe('topK', () => {
  const three = [detection(1, 0.5, BOX), detection(2, 0.9, BOX), detection(1, 0.7, BOX)];

  it('keeps overlapping boxes by descending confidence', () => {
    const all = topK(candidatesOf(three), { maxDetections: 10 });
    expect(all).toEqual([three[1], three[2], three[0]]);
    expect(topK(candidatesOf(three), { maxDetections: 2 })).toEqual(all.slice(0, 2));
  });

  it('filters classes among the candidates within the model limit', () => {
    const candidates = candidatesOf(three);
    candidates.atMost = 2;
    const classIds = new Set([1]);
    expect(topK(candidates, { maxDetections: 10, classIds })).toEqual([three[2]]);
  });
});

describe('addCandidate', () => {
  it.each([NaN, Infinity, -Infinity])('rejects a box or a confidence of %s', (value) => {
    const candidates = createCandidates();
    expect(addCandidate(candidates, 0, value, 0, 0, 1, 1)).toBe(false);
    expect(addCandidate(candidates, 0, 0.5, 0, value, 1, 1)).toBe(false);
    expect(candidates.count).toBe(0);
  });
});
