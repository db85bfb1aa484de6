import { describe, expect, it } from 'vitest';
import type { ModelAlias } from '../../client/index.js';
import { formatTime } from '../format.js';
import { formatAlias, formatHistory } from './alias-texts.js';

const sha256 = 'a'.repeat(64);
const first: ModelAlias = {
  ...{ name: 'fish', alias: 'champion', action: 'set', version: 3, sha256, previous: null },
  ...{ by: 'anna', at: '2026-05-04T09:30:00.000Z', reason: null },
};
const second: ModelAlias = {
  ...{ ...first, action: 'promote', version: 4, previous: { version: 3, sha256 } },
  ...{ by: 'ben', reason: 'fewer misses' },
};

it.each([
  [first, 'fish@champion is fish@3.'],
  [second, 'fish@champion is fish@4 (before: fish@3).'],
])('formats an alias (row %#)', (alias, expected) => expect(formatAlias(alias)).toBe(expected));

describe('formatHistory', () => {
  it('formats a row for each change', () => {
    const rows = formatHistory([second, first]).split('\n');
    const time = formatTime(first.at);
    expect(rows.map((row) => row.replace(/ {2,}/g, '|'))).toEqual([
      'TIME|CHANGE|ALIAS|FROM|TO|BY|REASON',
      `${time}|promote|champion|3|4|ben|fewer misses`,
      `${time}|set|champion|-|3|anna|-`,
    ]);
  });

  it('describes how to set the first alias', () => {
    expect(formatHistory([])).toContain('vidette models promote');
  });
});
