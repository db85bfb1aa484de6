import { MongoNetworkError, MongoOperationTimeoutError } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { unreachableServer } from './unreachable.js';

const BUSY = 'Request failed after 1 retries: Error: Retryable HTTP status: 503';
const withCode = (code: string) => Object.assign(new Error('x'), { code });

describe('a server that does not answer', () => {
  it.each<[string, unknown, string | undefined]>([
    ['Temporal', withGrpc(14), 'Temporal'],
    ['the document store', new MongoNetworkError('closed'), 'The document store'],
    ['the object store', withCode('ECONNREFUSED'), 'The object store'],
    ['the document store, too slow', new MongoOperationTimeoutError('late'), 'The document store'],
    ['the object store as it starts', new Error(BUSY), 'The object store'],
    ['behind a cause', new Error('x', { cause: withCode('ECONNRESET') }), 'The object store'],
    ['of several addresses', new AggregateError([withCode('ECONNREFUSED')]), 'The object store'],
    ['none: a code of a file', withCode('ENOENT'), undefined],
    ['none: no code', new Error('x'), undefined],
    ['none: a number', Object.assign(new Error('x'), { code: 5 }), undefined],
    ['none: no error', 'ECONNREFUSED', undefined],
  ])('is told: %s', (_, error, expected) => {
    expect(unreachableServer(error)).toBe(expected);
  });
});

/** As gRPC gives it. */
function withGrpc(code: number): Error {
  return Object.assign(new Error('x'), { code, details: '', metadata: {} });
}
