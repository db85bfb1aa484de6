import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { checkNode } from './check-node.js';

it.each([
  ['20.19.0', 'missing'],
  ['22.11.0', 'missing'],
  ['22.12.0', 'ok'],
  ['23.5.0', 'missing'],
  ['24.0.0', 'ok'],
])('reports Node %s as %s', (version, state) => {
  expect(checkNode(version)).toMatchObject({ name: 'Node', state });
});

it('accepts the versions of package.json', () => {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  const { engines } = JSON.parse(text) as { readonly engines: { readonly node: string } };
  expect(engines.node).toBe('^22.12.0 || >=24.0.0');
});
