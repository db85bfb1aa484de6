import { expect, it } from 'vitest';
import type { Model, ModelAlias } from '../../api/types.js';
import {
  aliasTexts,
  describeChange,
  describeModel,
  describeUses,
  formatPoints,
  groupByName,
} from './model-text.js';

const model = (name: string, version: number, fields: Partial<Model> = {}): Model => ({
  ...{ name, version, sha256: '0'.repeat(64), task: 'classify', classes: ['a', 'b'] },
  ...{ licence: 'unknown', source: 'test', size_bytes: 18_551_016, is_default: false },
  ...{ aliases: [], ...fields },
});
const change = (fields: Partial<ModelAlias>): ModelAlias => ({
  ...{ name: 'fish', alias: 'champion', action: 'promote', version: 4, sha256: '0'.repeat(64) },
  ...{ by: 'anna', at: '2026-05-04T09:30:00.000Z', reason: null, previous: null, ...fields },
});

it('groups the versions of a model', () => {
  const models = [model('cat', 1), model('fish', 2), model('fish', 1)];
  const groups = groupByName(models).map(({ name, versions }) => [name, versions.length]);
  expect(groups).toEqual([
    ['cat', 1],
    ['fish', 2],
  ]);
});

it('describes a model', () => {
  expect(describeModel(model('fish', 1))).toBe(
    'classifies images · 2 classes · 19 MB · licence unknown',
  );
});

it('lists the champion first, and aliases of people last', () => {
  const versions = [
    model('fish', 4, { aliases: ['night', 'previous', 'challenger'] }),
    model('fish', 3, { aliases: ['champion'] }),
  ];
  expect(aliasTexts(versions)).toEqual(['champion 3', 'challenger 4', 'previous 4', 'night 4']);
});

it('lists where a model is the default', () => {
  const group = { name: 'fish', versions: [model('fish', 1, { is_default: true })] };
  expect(describeUses(group, { images: 'fish' })).toEqual([
    'default for videos',
    'default for images',
  ]);
  expect(describeUses(group, { images: undefined })).toEqual(['default for videos']);
});

it('describes changes of an alias', () => {
  const previous = { version: 3, sha256: '1'.repeat(64) };
  expect(describeChange(change({ previous }))).toBe('champion promoted from 3 to 4');
  expect(describeChange(change({ action: 'set', alias: 'night' }))).toBe('night set to 4');
});

it('formats differences in percentage points', () => {
  expect([0.0312, -0.05, 0].map(formatPoints)).toEqual(['+3.1', '−5.0', '+0.0']);
});
