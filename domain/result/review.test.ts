import { describe, expect, it } from 'vitest';
import type { Feedback, LoggedPrediction } from './prediction-log.js';
import { needsReview } from './review.js';

const prediction_id = '665f1c2e9b1e8a0012345678';
const time = new Date(0);
const logged = (
  fields: Partial<LoggedPrediction>,
  ...feedback: Omit<Feedback, 'time' | 'prediction_id'>[]
): LoggedPrediction => ({
  ...{ prediction_id, image_hash: '', predicted_class: 'cat', confidence: 0.9 },
  ...{ prediction_time: 0.1, model: { name: 'm', version: 1, sha256: '' }, time },
  picture: { bucket: 'pictures', key: '', sha256: '', width: 1, height: 1 },
  ...fields,
  feedback: feedback.map((given) => ({ ...given, prediction_id, time })),
});
const cat = { class: 'cat', box: [0, 0, 1, 1] } as const;
const dog = { class: 'dog', box: [0, 0, 2, 2] } as const;

describe('a prediction', () => {
  it('of the audit sample is reviewed until someone has given a verdict', () => {
    const audit = { audit: true } as const;
    expect(needsReview('audit', logged(audit))).toBe(true);
    expect(needsReview('audit', logged(audit, { comment: 'blurred' }))).toBe(true);
    expect(needsReview('audit', logged(audit, { class: 'cat' }))).toBe(false);
    expect(needsReview('audit', logged({}))).toBe(false);
  });

  it.each([
    [0.49, true],
    [0.5, false],
  ])('of confidence %d is of low confidence: %s', (confidence, isLow) => {
    expect(needsReview('low-confidence', logged({ confidence }))).toBe(isLow);
    const judged = logged({ confidence }, { objects: [] });
    expect(needsReview('low-confidence', judged)).toBe(false);
  });

  it('is disputed while the latest verdicts of two people differ', () => {
    const ann = { by: 'ann' };
    const bob = { by: 'bob' };
    const dispute = [
      { ...ann, class: 'cat' },
      { ...bob, class: 'dog' },
    ];
    expect(needsReview('disagreement', logged({}, ...dispute))).toBe(true);
    expect(needsReview('disagreement', logged({}, ...dispute, { ...ann, class: 'dog' }))).toBe(
      false,
    );
    const changed = [dispute[0]!, { ...ann, class: 'dog' }];
    expect(needsReview('disagreement', logged({}, ...changed))).toBe(false);
  });

  it('is not disputed because of the order of its objects', () => {
    const same = [
      { by: 'ann', objects: [cat, dog] },
      { by: 'bob', objects: [dog, cat] },
    ];
    expect(needsReview('disagreement', logged({}, ...same))).toBe(false);
    const other = { by: 'bob', objects: [dog] };
    expect(needsReview('disagreement', logged({}, ...same, other))).toBe(true);
  });

  it('is not reviewed without its image', () => {
    const { picture: _, ...withoutImage } = logged({ audit: true });
    expect(needsReview('audit', withoutImage)).toBe(false);
  });
});
