import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { YOLOV8N } from '../catalogue.js';
import { bestClasses, createClassReader, softmaxOf } from './class-reader.js';
import type { InferenceSpec } from '../session/inference-spec.js';

const sumOf = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0);

describe('softmaxOf', () => {
  // Computed with Python's decimal module, 40 digits.
  it.each([
    [
      [1, 2, 3],
      [0.09003057317038046, 0.24472847105479767, 0.6652409557748219],
    ],
    [
      [0.5, -1.25, 4],
      [0.029163679660015575, 0.005067887620046443, 0.965768432719938],
    ],
    [
      [1000, 1000, 998],
      [0.4683105308334812, 0.4683105308334812, 0.06337893833303762],
    ],
    [
      [-3e38, 3e38],
      [0, 1],
    ],
    [[7], [1]],
  ])('maps %j to %j', (logits, expected) => {
    softmaxOf(Float32Array.from(logits)).forEach((value, i) =>
      expect(value).toBeCloseTo(expected[i]!, 14),
    );
  });

  it('returns values of 0 to 1 that sum to 1 and keep the order of any logits', () => {
    const logits = fc.float32Array({
      minLength: 1,
      maxLength: 1000,
      noNaN: true,
      noDefaultInfinity: true,
    });
    fc.assert(
      fc.property(logits, (values) => {
        const confidences = softmaxOf(values);
        expect(sumOf(confidences)).toBeCloseTo(1, 9);
        expect(confidences.every((value) => value >= 0 && value <= 1)).toBe(true);
        const highest = values.indexOf(values.reduce((a, b) => Math.max(a, b)));
        expect(confidences[highest]).toBe(Math.max(...confidences));
      }),
    );
  });
});

describe('bestClasses', () => {
  it.each([
    [[0.2, 0.7, 0.1], 2, [1, 0]],
    [[0.25, 0.5, 0.25], 5, [1, 0, 2]],
    [[1], 0, []],
  ])('selects from %j the best %i', (confidences, count, expected) => {
    const found = bestClasses(Float64Array.from(confidences), count);
    expect(found.map(({ classId }) => classId)).toEqual(expected);
    for (const { classId, confidence } of found) expect(confidence).toBe(confidences[classId]);
  });
});

const model = (activation: 'softmax' | 'none'): InferenceSpec => ({
  ...{ name: 'flowers', labels: ['a', 'b', 'c'], input: YOLOV8N.input },
  output: { family: 'classifier', activation },
});
const read = (activation: 'softmax' | 'none', dims: number[], values: number[]) =>
  createClassReader(model(activation)).read({ dims, values: Float32Array.from(values) });

describe('createClassReader', () => {
  it.each([[[1, 3]], [[3]], [[1, 3, 1, 1]], [[1, 1, 1, 3]]])('reads an output of %j', (dims) => {
    expect([...read('softmax', dims, [0.25, 0.5, 0.25])]).toEqual([0.25, 0.5, 0.25]);
    expect([...read('none', dims, [2, 2, 2])]).toEqual([1 / 3, 1 / 3, 1 / 3]);
  });

  it('normalises probabilities of lower precision', () => {
    expect(sumOf(read('softmax', [1, 3], [0.3335, 0.3335, 0.3335]))).toBeCloseTo(1, 12);
  });

  it.each([
    ['another number of values', 'none', [1, 2], [1, 2], 'an output of shape [1, 2] for 3 labels'],
    ['NaN', 'none', [1, 3], [1, NaN, 2], 'not a finite number'],
    ['infinity', 'none', [1, 3], [1, Infinity, 2], 'not a finite number'],
    ['probabilities that do not sum to 1', 'softmax', [1, 3], [1, 2, 3], '--activation none'],
    ['probabilities below 0', 'softmax', [1, 3], [-0.5, 1, 0.5], '--activation none'],
  ] as const)('rejects %s', (_, activation, dims, values, message) => {
    expect(() => read(activation, [...dims], [...values])).toThrow(message);
  });

  it('rejects a model that detects', () => {
    expect(() => createClassReader({ ...model('none'), output: YOLOV8N.output })).toThrow(
      'Model flowers detects objects',
    );
  });
});
