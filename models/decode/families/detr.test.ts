import { describe, expect, it } from 'vitest';
import { YOLOV8N } from '../../catalogue.js';
import { createDecoder } from '../decode-output.js';
import type { InferenceSpec } from '../../session/inference-spec.js';
import { topK } from '../nms.js';

const MODEL: InferenceSpec = {
  name: 'detr',
  labels: ['a', 'b'],
  input: { ...YOLOV8N.input, width: 100, height: 50 },
  output: { family: 'detr', logits: 'logits', boxes: 'pred_boxes', activation: 'softmax' },
};
const BOX = [0.5, 0.5, 0.2, 0.4];

/** Decodes queries with logits for a, b and no object, all with the same box. */
function found(queries: readonly (readonly number[])[], conf: number) {
  const count = queries.length;
  const logits = { dims: [1, count, 3], values: Float32Array.from(queries.flat()) };
  const boxes = { dims: [1, count, 4], values: Float32Array.from(queries.flatMap(() => BOX)) };
  const candidates = createDecoder(MODEL).decode([logits, boxes], { conf });
  return topK(candidates, { maxDetections: 10 });
}

describe('decoder of DETR with a softmax', () => {
  // exp(ln 8) is 8 of 10, because exp(ln 1) is 1.
  it.each([
    ['the best class', [Math.log(8), 0, 0], 0, 0.8],
    ['the second class', [0, Math.log(6), Math.log(3)], 1, 0.6],
    ['a class below nothing', [0, Math.log(2), Math.log(7)], 1, 0.2],
    ['the first of equal ones', [0, 0, Math.log(2)], 0, 0.25],
    ['logits too large for e to their power', [1000, 1000 - Math.log(4), -1000], 0, 0.8],
  ])('returns %s', (_, logits, classId, confidence) => {
    const [detection, ...others] = found([logits], 0.1);
    expect(others).toEqual([]);
    expect(detection?.classId).toBe(classId);
    expect(detection?.confidence).toBeCloseTo(confidence, 6);
    expect(detection?.bbox.map(Math.round)).toEqual([40, 15, 60, 35]);
  });

  it('omits candidates below the threshold and queries without an object', () => {
    expect(
      found(
        [
          [0, 0, 1000],
          [Math.log(3), 0, 0],
        ],
        0.61,
      ),
    ).toEqual([]);
    expect(
      found(
        [
          [0, 0, 1000],
          [Math.log(3), 0, 0],
        ],
        0.59,
      ),
    ).toHaveLength(1);
  });

  it.each([NaN, Infinity])('rejects a logit of %s', (value) => {
    expect(() => found([[value, 0, 0]], 0.9)).toThrow('not a finite number');
    expect(() => found([[0, 0, value]], 0.9)).toThrow('not a finite number');
  });
});
