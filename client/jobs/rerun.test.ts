import { expect, it } from 'vitest';
import { applyChanges, type RerunChanges } from './rerun.js';

const ORIGINAL = { conf: 0.5, classes: ['car'], from_ms: 5000, to_ms: 9000 };

it.each<[string, RerunChanges, object]>([
  ['keeps all options', {}, ORIGINAL],
  ['keeps an option that is undefined', { conf: undefined }, ORIGINAL],
  ['changes an option', { conf: 0.7, to_ms: 8000 }, { ...ORIGINAL, conf: 0.7, to_ms: 8000 }],
  ['removes options that are null', { classes: null, from_ms: null, to_ms: null }, { conf: 0.5 }],
])('%s', (_, changes, options) => expect(applyChanges(ORIGINAL, changes)).toEqual(options));

it('drops values that the document store returns as null', () => {
  const stored = { ...ORIGINAL, classes: null as unknown as string[] };
  expect(applyChanges(stored, {})).not.toHaveProperty('classes');
});
