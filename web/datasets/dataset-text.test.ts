import { expect, it } from 'vitest';
import type { ListedDataset } from '../api/datasets.js';
import { countRows, datasetHash, describeContents, describeLeftOut } from './dataset-text.js';

const part = (images: number, classes: Readonly<Record<string, number>>) => ({
  ...{ images, objects: Object.values(classes).reduce((sum, count) => sum + count, 0), classes },
});
const DATASET: ListedDataset = {
  ...{ name: 'fish', version: 3, sha256: '0'.repeat(64), task: 'detect' },
  labels: ['trout', 'constructor'],
  counts: { train: part(3, { trout: 4 }), val: part(1, {}), test: part(2, { constructor: 1 }) },
  made_from: { until: '2026-05-04T09:30:00.000Z', filters: {} },
  ...{ parent: null, created_at: '2026-05-04T09:30:00.000Z', by: null },
};

it('counts images, objects and classes by part', () => {
  expect(countRows(DATASET)).toEqual([
    ['Images', '3', '1', '2', '6'],
    ['Objects', '4', '0', '1', '5'],
    ['trout', '4', '0', '0', '4'],
    ['constructor', '0', '0', '1', '1'],
  ]);
  expect(describeContents(DATASET)).toBe('6 images · 5 objects · 2 classes');
});

it('does not count objects of a data set with one class per image', () => {
  const dataset = { ...DATASET, task: 'classify' as const };
  expect(countRows(dataset)[1]![0]).toBe('trout');
  expect(describeContents(dataset)).toBe('6 images · 2 classes');
});

it('links to the newest version, or to one', () => {
  expect([datasetHash('fish'), datasetHash('fish', 3)]).toEqual([
    '#/dataset/fish',
    '#/dataset/fish%403',
  ]);
});

it('describes why images are left out', () => {
  expect(
    describeLeftOut({ count: 3, by_reason: { disagreement: 2, 'no-image': 1 }, items: [] }),
  ).toEqual(['2 images: people disagree', '1 image: the image is not stored']);
});
