import { describe, expect, it } from 'vitest';
import { toSeconds, toTime } from './duration.js';

const NOW = new Date('2026-11-26T12:00:00Z');

describe('toSeconds', () => {
  it.each([
    ['90', 90],
    ['1.5h', 5400],
    [' 2d ', 172_800],
  ])('parses %j', (text, seconds) => {
    expect(toSeconds(text)).toBe(seconds);
  });

  it.each(['', '-1', '2w', 'h', '1h30m'])('rejects %j', (text) => {
    expect(() => toSeconds(text)).toThrow(/duration/);
  });
});

describe('toTime', () => {
  it.each([
    ['2d', '2026-11-24T12:00:00.000Z'],
    ['30m', '2026-11-26T11:30:00.000Z'],
    ['2026-11-25', '2026-11-25T00:00:00.000Z'],
    ['2026-11-25T14:30Z', '2026-11-25T14:30:00.000Z'],
  ])('parses %j', (text, expected) => {
    expect(toTime(text, NOW).toISOString()).toBe(expected);
  });

  it.each(['yesterday', '2026-13-01', '', '99999999999999d', '25'.repeat(20)])(
    'rejects %j',
    (text) => {
      expect(() => toTime(text, NOW)).toThrow(/duration .* or a date/);
    },
  );
});
