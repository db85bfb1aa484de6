import { describe, expect, it } from 'vitest';
import { YOLOV8N } from '../../catalogue.js';
import type { InferenceSpec } from '../../session/inference-spec.js';
import { createCandidates } from '../candidates.js';
import { addCorners } from './output-reader.js';

const MODEL: InferenceSpec = { ...YOLOV8N, name: 'm', labels: ['a', 'b'] };

function add(confidence: number, classId = 0) {
  const candidates = createCandidates();
  addCorners(MODEL, candidates, classId, confidence, 0, 0, 2, 2);
  return candidates.confidences[0];
}

describe('addCorners', () => {
  it('adds a box with its confidence, without the rounding error above 1', () => {
    expect(add(0.5)).toBe(0.5);
    expect(add(1 + 1e-7)).toBe(1);
  });

  it.each([
    [350, 480, 0, 0],
    [0, 480, 350, 0],
  ])('orders the corners %j, %j, %j, %j', (...corners) => {
    const candidates = createCandidates();
    addCorners(MODEL, candidates, 0, 0.5, ...corners);
    expect([...candidates.boxes.subarray(0, 4)]).toEqual([0, 0, 350, 480]);
  });

  it.each([
    [7.5, 0, 'a confidence of 7.5'],
    [NaN, 0, 'Model m'],
    [0.5, 2, 'class 2'],
  ])('rejects a confidence of %f of class %i', (confidence, classId, message) => {
    const rejected = expect.objectContaining({ code: 'MODEL_INVALID' }) as Error;
    expect(() => add(confidence, classId)).toThrow(rejected);
    expect(() => add(confidence, classId)).toThrow(message);
  });
});
