import { expect, it } from 'vitest';
import { notifyRule } from '../../../test/support/stream-rows.js';
import { recordSchema } from '../scenario-rules.js';
import { clipBeforeMs } from './clip-before.js';

const record = recordSchema.parse({ before_s: 5 });

it.each([
  ['of the clip', [], 5000],
  ['of the rows of the slowest rule too', [{ frames: 2 }, { frames: 5 }], 7000],
  ['of at most a minute of rows', [{ frames: 10_000 }], 65_000],
])('is the time %s', (_, rules, expected) => {
  expect(clipBeforeMs({ record, notify: rules.map(notifyRule), fps: 2 })).toBe(expected);
});

it('is undefined without clips', () => {
  expect(clipBeforeMs({ record: undefined, notify: [notifyRule()], fps: 2 })).toBeUndefined();
});
