import { expect, it } from 'vitest';
import { dayEndOf } from './day-end.js';

const MIDNIGHT = Date.UTC(2026, 0, 12);
const uuidOf = (start: string) => `${start}-6f0e-4b7a-9b57-0d5f3d1a2b3c`;

it.each([
  ['00000000', 0],
  ['00000001', 1],
  ['000927bf', 599_999],
  ['000927c0', 0],
])('ends the day of %s after midnight by its uuid', (start, delay) => {
  const end = MIDNIGHT + delay;
  expect(dayEndOf(uuidOf(start), end - 1)).toBe(end);
  expect(dayEndOf(uuidOf(start), end - 86_400_000)).toBe(end);
  expect(dayEndOf(uuidOf(start), end)).toBe(end + 86_400_000);
});
