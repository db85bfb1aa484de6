import { expect, it } from 'vitest';
import { absenceAfter, isAwayFor } from './away.js';

const NOW = Date.UTC(2026, 0, 11, 12);
const since = new Date(NOW - 60_000).toISOString();

it.each(['unreachable', 'refused', 'silent'] as const)('counts a camera that is %s', (state) => {
  expect(isAwayFor(60, { state, since, message: '' }, NOW)).toBe(true);
  expect(isAwayFor(61, { state, since, message: '' }, NOW)).toBe(false);
});

it.each(['live', 'connecting', 'overloaded', 'frozen'] as const)('ignores %s', (state) => {
  expect(isAwayFor(1, { state, since, message: '' }, NOW)).toBe(false);
  expect(absenceAfter({ state, since, message: '' }, NOW)).toEqual([]);
});

it('continues the gap of a camera that was away', () => {
  const message = 'Failed to open video: 10.0.0.7 does not answer.';
  const expected = { to: NOW, reason: 'camera_unreachable', message };
  expect(absenceAfter({ state: 'unreachable', since, message }, NOW)).toEqual([expected]);
  expect(absenceAfter(undefined, NOW)).toEqual([]);
});
