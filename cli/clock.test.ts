import { expect, it } from 'vitest';
import { toClockMs } from './clock.js';

it.each([
  ['0', 0],
  ['12.5', 12_500],
  ['75', 75_000],
  ['0:12', 12_000],
  ['1:15.25', 75_250],
  ['1:02:03.5', 3_723_500],
])('reads %s as %d ms', (text, ms) => expect(toClockMs(text)).toBe(ms));

it.each(['', 'x', '-1', '1:75', '0:12:', '1:2:3:4', '12s'])('rejects %j', (text) => {
  expect(() => toClockMs(text)).toThrow('Expected seconds or a clock');
});
