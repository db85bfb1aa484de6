import { expect, it } from 'vitest';
import { parseMetrics, total, valueOf } from './metrics.js';

it.each([
  ['a comment', '# HELP a b\n# TYPE a counter', []],
  ['a bare sample', 'up 1', [{ name: 'up', labels: {}, value: 1 }]],
  [
    'labels in any script',
    'p{class="кот",b="0.9"} 2e3',
    [{ name: 'p', labels: { class: 'кот', b: '0.9' }, value: 2000 }],
  ],
  [
    'escapes and braces',
    'p{class="a\\"}\\n\\\\"} 1',
    [{ name: 'p', labels: { class: 'a"}\n\\' }, value: 1 }],
  ],
  ['no labels', 'p{} 0', [{ name: 'p', labels: {}, value: 0 }]],
  ['nothing', '', []],
])('reads %s', (_, text, samples) => expect(parseMetrics(text)).toEqual(samples));

it('adds up the samples of a name', () => {
  const samples = parseMetrics('a{x="1"} 1\na{x="2"} 2\nb 5');
  expect([total(samples, 'a'), total(samples, 'b'), total(samples, 'c')]).toEqual([
    3,
    5,
    undefined,
  ]);
});

it('finds the sample with a label', () => {
  const samples = parseMetrics('a{x="1"} 1\na{x="2"} 2');
  expect(valueOf(samples, 'a', ['x', '2'])).toBe(2);
  expect(valueOf(samples, 'a', ['x', '3'])).toBeUndefined();
});
