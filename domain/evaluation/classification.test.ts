import { expect, it } from 'vitest';
import { scoreClassifier } from './classification.js';
import { pairedInterval } from './paired-interval.js';

const answer = (label: string, predicted: string | null, confidence: number) => ({
  ...{ image: 'f'.repeat(64), label, predicted, confidence },
});

it('scores a classifier as a whole, per class, and by its calibration', () => {
  const answers = [
    answer('cat', 'cat', 0.8),
    answer('cat', 'dog', 0.8),
    answer('dog', 'dog', 1),
    answer('eel', null, 0),
  ];
  const score = scoreClassifier(answers);
  expect(score.value).toBe(0.5);
  expect(score.classes).toEqual({
    cat: { images: 2, value: 0.5 },
    dog: { images: 1, value: 1 },
    eel: { images: 1, value: 0 },
  });
  // Bins: two images of .8 with accuracy .5, one of 1 with 1, one of 0 with 0.
  expect(score.calibration_error).toBeCloseTo(0.3 * 0.5, 12);
});

it('scores no answers as 0', () => {
  expect(scoreClassifier([])).toEqual({ value: 0, calibration_error: 0, classes: {} });
});

it('has the interval of Agresti and Min for paired shares', () => {
  const { value, low, high } = pairedInterval({ images: 100, wins: 10, losses: 4 });
  expect(value).toBeCloseTo(0.06, 12);
  // (6 ± 1.96 sqrt(15 - 36 / 102)) / 102
  expect(low).toBeCloseTo((6 - 1.959964 * Math.sqrt(15 - 36 / 102)) / 102, 6);
  expect(high).toBeCloseTo((6 + 1.959964 * Math.sqrt(15 - 36 / 102)) / 102, 6);
});

it('has an interval around 0 for models that never differ, and a wider one for fewer images', () => {
  const many = pairedInterval({ images: 1000, wins: 0, losses: 0 });
  const few = pairedInterval({ images: 10, wins: 0, losses: 0 });
  expect(many.value).toBe(0);
  expect(-many.low).toBeCloseTo(many.high, 12);
  expect(few.high).toBeGreaterThan(many.high);
  expect(many.high).toBeLessThan(0.01);
});
