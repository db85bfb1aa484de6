import { describe, expect, it } from 'vitest';
import { hasCode } from '../domain/errors.js';
import { modelManifestSchema } from '../domain/model/model-manifest.js';
import { classIdsOf, KNOWN_MODELS, manifestFor, YOLOX_NANO } from './catalogue.js';

describe('catalogue', () => {
  it.each(KNOWN_MODELS.map((model) => [model.name, model] as const))(
    'contains a valid manifest of %s',
    (_, model) => {
      expect(modelManifestSchema.parse({ ...model, version: 1 })).toEqual({ ...model, version: 1 });
      expect(new Set(model.labels).size).toBe(80);
      expect(manifestFor(model.sha256)).toBe(model);
    },
  );

  it('returns undefined for an unknown file', () => {
    expect(manifestFor('0'.repeat(64))).toBeUndefined();
  });
});

describe('classIdsOf', () => {
  it.each([
    [['person'], [0]],
    [
      ['Traffic Light ', 'toothbrush'],
      [9, 79],
    ],
    [
      ['0', '79'],
      [0, 79],
    ],
    [['car', '2'], [2]],
    [[], []],
  ])('resolves %j to %j', (classes, ids) => {
    expect([...classIdsOf(YOLOX_NANO, classes)]).toEqual(ids);
  });

  it('prefers a label that is a number over a class id', () => {
    expect([...classIdsOf({ name: 'digits', labels: ['7', '1', '0'] }, ['0'])]).toEqual([2]);
  });

  it.each([
    ['80', 'an id from 0 to 79'],
    ['-1', 'an id from 0 to 79'],
    ['', 'expected one of its 80 labels'],
    ['zzz', 'such as "person"'],
    ['motorbike', 'did you mean "motorcycle"?'],
    ['persn', 'did you mean "person"?'],
    ['light', 'did you mean "traffic light"?'],
    ['cars', 'did you mean "car", "cat"'],
  ])('rejects %j with %s', (name, hint) => {
    const rejected = capture(() => classIdsOf(YOLOX_NANO, ['car', name]));
    expect(hasCode(rejected, 'INVALID_INPUT')).toBe(true);
    expect(rejected).toHaveProperty('message', expect.stringContaining(JSON.stringify(name)));
    expect(rejected).toHaveProperty('message', expect.stringContaining(hint));
  });
});

function capture(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error('Expected an error, none was thrown');
}
