import { describe, expect, it } from 'vitest';
import { AppError } from './errors.js';
import { serverUnavailable, unavailableServer } from './server-unavailable.js';

const refused = new Error('connect ECONNREFUSED');

it('names server, endpoint, object and cause', () => {
  const facts = { endpoint: 'http://store:9000', bucket: 'videos', key: 'clip' };
  const error = serverUnavailable('object store', facts, refused);
  expect(error).toMatchObject({
    code: 'SERVER_UNAVAILABLE',
    retryable: true,
    message:
      'The object store at http://store:9000 does not answer (videos/clip: connect ECONNREFUSED).',
    facts: { server: 'object store', ...facts },
    cause: refused,
  });
});

describe('unavailableServer', () => {
  it.each([
    ['an object store', serverUnavailable('object store', {}, refused), 'The object store'],
    ['Temporal', serverUnavailable('Temporal', {}, refused), 'Temporal'],
    ['an error without a server', new AppError('SERVER_UNAVAILABLE', 'x'), undefined],
    ['another code', new AppError('SCRATCH_FULL', 'x', { server: 'Temporal' }), undefined],
    ['another error', refused, undefined],
  ])('reads the server of %s', (_, error, expected) => {
    expect(unavailableServer(error)).toBe(expected);
  });
});
