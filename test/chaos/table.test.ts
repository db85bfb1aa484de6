import { expect, it } from 'vitest';
import { tableOf } from './table.js';

it('counts completed cases and omits those that did not run', () => {
  const records = [
    { name: 'a', recoveredS: 3 },
    { name: 'b' },
    { name: 'a' },
    { name: 'a', recoveredS: 12 },
    { name: 'a', recoveredS: 4.04 },
  ];
  expect(tableOf(['b', 'none', 'a'], records).split('\n')).toEqual([
    '| case | times | survived | median s | worst s |',
    '| --- | --: | --: | --: | --: |',
    '| b | 1 | 0 |  |  |',
    '| a | 4 | 3 | 4.0 | 12.0 |',
  ]);
});
