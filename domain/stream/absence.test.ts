import { expect, it } from 'vitest';
import { absencesBefore } from './absence.js';

const TIMES = { startedAt: 1000, scheduled: 5000, now: 5200 };

/** Reasons with their ends. */
function reasonsOf(absences: ReturnType<typeof absencesBefore>) {
  return absences.map(({ reason, to }) => [reason, to]);
}

it('separates the log of an earlier scenario from the start of this one', () => {
  expect(reasonsOf(absencesBefore('starting', TIMES))).toEqual([
    ['ended', 1000],
    ['starting', 5200],
  ]);
});

it('counts the time in the queue as waiting for a slot, from a second on', () => {
  expect(reasonsOf(absencesBefore('paused', { ...TIMES, now: 5999 }))).toEqual([['paused', 5999]]);
  expect(reasonsOf(absencesBefore('paused', { ...TIMES, now: 6000 }))).toEqual([
    ['paused', 5000],
    ['waiting_slot', 6000],
  ]);
});

it('explains each absence', () => {
  expect(absencesBefore('paused', TIMES)[0]!.message).toBe('The scenario was paused.');
});
