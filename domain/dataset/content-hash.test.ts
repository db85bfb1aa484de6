import { datasetItem as item } from '../../test/support/dataset-items.js';
import { describe, expect, it } from 'vitest';
import { contentHashOf, encodeItems } from './content-hash.js';
import type { DatasetItem } from './dataset-item.js';

const items = ['a', 'b', 'c'].map((name) => item(name));

describe('the hash of a data set', () => {
  it('does not depend on the order of the items or on their origin', () => {
    const hash = contentHashOf(items);
    expect(contentHashOf(items.toReversed())).toBe(hash);
    expect(contentHashOf(items.map((each) => ({ ...each, by: 'ann', feedback_id: 'x' })))).toBe(
      hash,
    );
    expect(encodeItems(items.toReversed())).toBe(encodeItems(items));
  });

  it.each([{ label: 'щука' }, { group: 'z' }, { split: 'test' }] satisfies Partial<DatasetItem>[])(
    'changes with %j',
    (change) => {
      const changed = [item('a', change), ...items.slice(1)];
      expect(contentHashOf(changed)).not.toBe(contentHashOf(items));
    },
  );
});
