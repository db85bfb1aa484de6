import { expect, it } from 'vitest';
import type { LoggedPrediction } from '../../client/index.js';
import { formatReviews, reviewText } from './review-text.js';

const PREDICTION: LoggedPrediction = {
  ...{ prediction_id: '0'.repeat(24), image_hash: '', predicted_class: 'salmon' },
  ...{ confidence: 0.419, prediction_time: 0.1, feedback: [] },
  ...{ model: { name: 'fish', version: 3, sha256: '' }, time: new Date(0) },
};
const OBJECT = { class: 'dog', box: [0, 0, 9, 9], conf: 0.5 } as const;

it('lists predictions with what was found', () => {
  expect(formatReviews([PREDICTION])).toMatch(/salmon +42 % +fish@3/);
  expect(formatReviews([{ ...PREDICTION, objects: [OBJECT, OBJECT] }])).toContain('2 objects: dog');
  expect(formatReviews([{ ...PREDICTION, objects: [] }])).toContain('no objects');
  expect(formatReviews([])).toBe('Nothing to review.');
});

it('describes a prediction with its image and the feedback of others', () => {
  const feedback = [
    { prediction_id: '', class: 'trout', by: 'ann', time: new Date(0) },
    { prediction_id: '', objects: [OBJECT], time: new Date(0) },
  ];
  const text = reviewText({ ...PREDICTION, feedback }, '/tmp/9f2c.png');
  expect(text).toContain('salmon (42 %, fish@3');
  expect(text.split('\n').slice(1)).toEqual([
    '  /tmp/9f2c.png',
    '  ann: trout',
    '  someone: 1 objects',
  ]);
  expect(reviewText(PREDICTION, undefined)).toContain('the image is not stored');
});
