import { expect, it } from 'vitest';
import { hasNetworkCode } from './network-error.js';

const withCode = (code: unknown) => Object.assign(new Error('x'), { code });

it.each<[string, unknown, boolean]>([
  ['a refused connection', withCode('ECONNREFUSED'), true],
  ['a code behind a cause', new Error('x', { cause: withCode('ECONNRESET') }), true],
  ['one of several addresses', new AggregateError([withCode('ECONNREFUSED')]), true],
  ['a code of a file', withCode('ENOENT'), false],
  ['a number', withCode(5), false],
  ['no code', new Error('x'), false],
  ['a thrown string', 'ECONNREFUSED', false],
])('recognizes network errors: %s', (_, error, expected) => {
  expect(hasNetworkCode(error)).toBe(expected);
});
