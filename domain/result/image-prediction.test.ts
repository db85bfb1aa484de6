import { describe, expect, it } from 'vitest';
import { predictionOf } from './image-prediction.js';

const LABELS = ['кот', 'dog', '鳥'];
const object = (name: string, conf: number) => ({
  class: name,
  box: [0, 0, 1, 1] as const,
  conf,
});

describe('the prediction of an image', () => {
  it('of a classifier has every class', () => {
    expect(predictionOf({ kind: 'classes', confidences: [0.2, 0.1, 0.7] }, LABELS)).toEqual({
      class: '鳥',
      confidence: 0.7,
      all_predictions: { кот: 0.2, dog: 0.1, 鳥: 0.7 },
    });
  });

  it('of a detector has the best object of each class, and 0 of the others', () => {
    const objects = [object('dog', 0.4), object('кот', 0.6), object('dog', 0.9)];
    expect(predictionOf({ kind: 'objects', objects }, LABELS)).toEqual({
      class: 'dog',
      confidence: 0.9,
      all_predictions: { кот: 0.6, dog: 0.9, 鳥: 0 },
    });
  });

  it('of a detector that found nothing has no class', () => {
    expect(predictionOf({ kind: 'objects', objects: [] }, LABELS)).toEqual({
      class: null,
      confidence: 0,
      all_predictions: { кот: 0, dog: 0, 鳥: 0 },
    });
  });

  it('takes the first of equal ones, and the surer of two classes of one name', () => {
    const found = { kind: 'classes', confidences: [0.1, 0.4, 0.4, 0.1] } as const;
    expect(predictionOf(found, ['a', 'b', 'c', 'b'])).toMatchObject({
      class: 'b',
      all_predictions: { a: 0.1, b: 0.4, c: 0.4 },
    });
  });
});
