import { describe, expect, it } from 'vitest';
import { isWithinHours } from './active-hours.js';

const at = (time: string) => Date.parse(`2026-01-11T${time}Z`);

describe('the hours of a rule', () => {
  it.each([
    ['08:00', '17:30', '07:59:59.999', false],
    ['08:00', '17:30', '08:00:00.000', true],
    ['08:00', '17:30', '17:29:59.999', true],
    ['08:00', '17:30', '17:30:00.000', false],
    ['22:00', '06:00', '21:59:59.999', false],
    ['22:00', '06:00', '22:00:00.000', true],
    ['22:00', '06:00', '00:00:00.000', true],
    ['22:00', '06:00', '05:59:59.999', true],
    ['22:00', '06:00', '06:00:00.000', false],
    ['00:00', '00:00', '12:00:00.000', true],
  ])('from %s to %s at %s: %j', (from, to, time, expected) => {
    expect(isWithinHours({ from, to }, at(time))).toBe(expected);
  });

  it('are all day by default', () => expect(isWithinHours(undefined, at('03:00:00'))).toBe(true));
});
