import { describe, expect, it } from 'vitest';
import { tooManyImagesFailed } from './image-batch.js';
import { countImagePart, type ImageRow, imageRowOf } from './image-row.js';
import { tableColumns } from './table-columns.js';

const LABELS = ['форель', 'bass'];
const size = { width: 40, height: 30 };
const START = { key: 'a.jpg', etag: 'e1' };
const classified = imageRowOf(
  START,
  { size, found: { kind: 'classes', confidences: [0.1234567, 0.8765433] } },
  LABELS,
);
const objects = [{ class: 'bass', box: [1, 2, 3, 4] as const, conf: 0.9 }];
const detected = imageRowOf(START, { size, found: { kind: 'objects', objects } }, LABELS);
const failed = imageRowOf({ key: 'b.jpg', etag: null }, { error: 'not a JPEG' }, LABELS);

const cellsOf = (sample: ImageRow, row: ImageRow) =>
  Object.fromEntries(
    tableColumns('error' in sample ? undefined : sample).map(({ name, cellOf }) => [
      name,
      cellOf(row),
    ]),
  );

describe('the row of an image', () => {
  it('has the confidences of all classes, with five decimals', () => {
    expect(classified).toEqual({
      ...{ ...START, class: 'bass', confidence: 0.87654, ...size },
      all_predictions: { форель: 0.12346, bass: 0.87654 },
    });
  });

  it('has the objects of a detector, and no class without objects', () => {
    expect(detected).toEqual({ ...START, class: 'bass', confidence: 0.9, objects, ...size });
    const none = imageRowOf(START, { size, found: { kind: 'objects', objects: [] } }, LABELS);
    expect(none).toMatchObject({ class: null, confidence: 0, objects: [] });
  });

  it('has the error of an image that failed', () => {
    expect(failed).toEqual({ key: 'b.jpg', etag: null, error: 'not a JPEG' });
    expect(countImagePart([classified, failed])).toEqual({
      ...{ images: 2, failed: 1 },
      example: { key: 'b.jpg', error: 'not a JPEG' },
    });
    expect(countImagePart([classified])).toEqual({ images: 1, failed: 0 });
  });
});

describe('the columns of a table', () => {
  it('are one per class of a classifier', () => {
    expect(cellsOf(classified, classified)).toEqual({
      ...{ ...START, class: 'bass', confidence: 0.87654, ...size },
      ...{ p_форель: 0.12346, p_bass: 0.87654, error: undefined },
    });
    expect(cellsOf(classified, failed)).toMatchObject({
      ...{ key: 'b.jpg', etag: undefined, confidence: undefined, p_bass: undefined },
      error: 'not a JPEG',
    });
  });

  it('have the objects of a detector as JSON', () => {
    expect(cellsOf(detected, detected)).toMatchObject({ objects: JSON.stringify(objects) });
    expect(Object.keys(cellsOf(failed, failed))).toEqual([
      ...['key', 'etag', 'class', 'confidence', 'width', 'height', 'error'],
    ]);
  });
});

describe('tooManyImagesFailed', () => {
  it('names an image above the limit, and nothing up to it', () => {
    const example = { key: 'b.jpg', error: 'not a JPEG' };
    expect(tooManyImagesFailed({ total: 100, failed: 5 }, 0.05, example)).toBeUndefined();
    expect(tooManyImagesFailed({ total: 100, failed: 6 }, 0.05, example)).toContain(
      '6 of 100 images failed (b.jpg: not a JPEG); the limit is 5',
    );
  });
});
