import { describe, expect, it } from 'vitest';
import { isId } from '../names.js';
import { isModelUri } from './model-spec.js';
import { catalogueNameOf, mlflowUriOf, parseCatalogueSpec, parseMlflowUri } from './mlflow-ref.js';

describe('parseMlflowUri', () => {
  it.each([
    ['models:/fish/latest', { name: 'fish' }],
    ['models:/fish/3', { name: 'fish', version: 3 }],
    ['models:/fish@champion', { name: 'fish', alias: 'champion' }],
    ['models:/Fish v2.1/12', { name: 'Fish v2.1', version: 12 }],
    ['models:/рыба@champion', { name: 'рыба', alias: 'champion' }],
    [`models:/m-${'0f'.repeat(16)}`, { name: `m-${'0f'.repeat(16)}` }],
  ])('parses %s, and formats it again', (uri, ref) => {
    expect(parseMlflowUri(uri)).toEqual(ref);
    expect(mlflowUriOf(parseMlflowUri(uri))).toBe(uri);
  });

  it.each([
    'models:/fish',
    'models:/fish/Production',
    'models:/fish/0',
    'models:/fish/1/2',
    'models:/m-0123456789abcdef',
    'models:/fish@',
    'models:/@champion',
    'models://fish/1',
    'runs:/0123/model',
  ])('rejects %s', (uri) => {
    expect(() => parseMlflowUri(uri)).toThrow(/^Expected a model of MLflow as models:/);
  });
});

it.each([
  ['models:/fish/3', true],
  ['fish@3', false],
  ['models/fish.onnx', false],
])('recognises the URI %s: %s', (text, expected) => expect(isModelUri(text)).toBe(expected));

describe('catalogueNameOf', () => {
  it('keeps a name of the catalogue', () => expect(catalogueNameOf('fish_v2-1')).toBe('fish_v2-1'));

  it('makes a slug with a hash of other names', () => {
    const names = ['Fish v2.1', 'Fish v2-1', 'рыба', 'bird', 'рыбы', 'mock', 'a'.repeat(200), '..'];
    const slugs = names.map(catalogueNameOf);
    expect(slugs[0]).toMatch(/^Fish-v2-1-[0-9a-f]{6}$/);
    expect(slugs.every(isId)).toBe(true);
    expect(new Set(slugs).size).toBe(names.length);
    expect(slugs).not.toContain('mock');
  });
});

it.each([
  ['fish@3', { name: 'fish', version: 3 }],
  ['mock', { name: 'mock' }],
  ['models:/fish@champion', { name: 'fish', alias: 'champion' }],
  ['models:/Fish v2.1/3', { name: catalogueNameOf('Fish v2.1'), version: 3 }],
  ['Fish v2.1', undefined],
])('parses %s as a model of the catalogue', (text, spec) => {
  expect(parseCatalogueSpec(text)).toEqual(spec);
});
