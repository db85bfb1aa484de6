import { expect, it } from 'vitest';
import { toScopes } from './keys.js';

it.each([
  ['read', ['read']],
  ['predict, read', ['read', 'predict']],
  ['write,write', ['write']],
])('reads the rights %j', (text, expected) => {
  expect(toScopes(text)).toEqual(expected);
});

it.each(['', 'read,', 'admin', 'Read'])('rejects scopes %j', (text) => {
  expect(() => toScopes(text)).toThrow('Expected one or more of read, write, predict');
});
