import { expect, it } from 'vitest';
import type { PredictedRow } from '../image-batch/image-row.js';
import type { StoredObject } from '../result/detection.js';
import { createImageComparison } from './compare-image.js';
import type { PastImage } from './rescore.js';

const past = (fields: Partial<PastImage>): PastImage => ({
  ...{ prediction_id: 'p1', sha256: 'a', model: 'fish@3', class: 'bass', confidence: 0.9 },
  ...fields,
});
const row = (fields: Partial<PredictedRow>): PredictedRow => ({
  ...{ key: 'p1', etag: 'e', class: 'bass', confidence: 0.8, width: 9, height: 9 },
  ...fields,
});
const object = (name: string, conf: number): StoredObject => ({
  ...{ class: name, box: [0, 0, 9, 9], conf },
});

it('compares classifiers by their best class', () => {
  const comparison = createImageComparison(0.25);
  expect(comparison.add(past({}), row({}))).toBeUndefined();
  expect(comparison.add(past({}), row({ class: 'trout' }))).toMatchObject({
    ...{ type: 'image', change: 'bass → trout', worth: 0.8 },
    before: { class: 'bass', confidence: 0.9 },
    after: { class: 'trout', confidence: 0.8 },
  });
  expect(comparison.add(past({}), row({ class: null, confidence: 0 }))).toMatchObject({
    ...{ change: 'bass → nothing', worth: 0 },
  });
  expect(comparison.add(past({}), { key: 'p1', etag: null, error: 'missing' })).toBeUndefined();
  expect(comparison.report()).toEqual({
    ...{ total: 4, compared: 3, failed: 1, agree: 1, agreement: 0.3333, objects: null },
    classes: {
      bass: { before: 3, after: 1, both: 1 },
      trout: { before: 0, after: 1, both: 0 },
    },
  });
});

it('compares detectors by their objects from the minimum confidence on', () => {
  const comparison = createImageComparison(0.5);
  const before = past({ class: 'car', objects: [object('car', 0.9), object('dog', 0.4)] });
  const same = row({ class: 'car', objects: [object('car', 0.7)] });
  expect(comparison.add(before, same)).toBeUndefined();
  const changed = row({ class: 'truck', objects: [object('truck', 0.7)] });
  expect(comparison.add(before, changed)).toMatchObject({ change: 'car → truck', worth: 0.7 });
  expect(comparison.report()).toMatchObject({
    ...{ compared: 2, agree: 1, agreement: 0.5 },
    objects: { frames: 2, frames_different: 1, same: 1, changed: 1, vanished: 0, appeared: 0 },
  });
});

it('has no agreement without images', () => {
  expect(createImageComparison(0.5).report()).toMatchObject({ total: 0, agreement: null });
});
