import { expect, it } from 'vitest';
import { sha256 } from '../../domain/hash.js';
import { countItems } from '../../domain/dataset/dataset-counts.js';
import { datasetDraft, datasetItem } from '../../test/support/dataset-items.js';
import { formatDataset, formatDatasets } from './dataset-texts.js';

const items = [datasetItem('a'), datasetItem('b', { label: 'щука', split: 'test' })];
const manifest = {
  ...datasetDraft('fish'),
  ...{ version: 3, sha256: sha256('content'), counts: countItems(items) },
  labels: ['форель', 'щука', 'constructor'],
  left_out: { count: 2, by_reason: { disagreement: 1, 'no-image': 1 }, items: [] },
};

it('shows the parts and classes of a version, and what is left out', () => {
  const text = formatDataset(manifest);
  expect(text).toContain(`fish@3, classify, sha256 ${sha256('content')}`);
  expect(text).toContain('made from feedback on all models, until');
  const rows = text.split('\n').map((line) => line.trim().split(/\s+/));
  expect(rows).toEqual(
    expect.arrayContaining([
      ['train', 'val', 'test'],
      ['images', '1', '0', '1'],
      ['форель', '1', '0', '0'],
      ['щука', '0', '0', '1'],
      ['constructor', '0', '0', '0'],
    ]),
  );
  expect(text).toContain('left out: 2 images (disagreement 1, no-image 1; --json lists them)');
});

it('lists versions, or how to build the first one', () => {
  const [head, row] = formatDatasets([manifest]).split('\n');
  expect(head).toMatch(/^DATA SET +TASK +CLASSES +TRAIN +VAL +TEST +BUILT/);
  expect(row).toMatch(/^fish@3 +classify +3 +1 +0 +1 /);
  expect(formatDatasets([])).toContain('vidette datasets build NAME --task');
});
