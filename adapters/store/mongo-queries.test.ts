import {
  MongoClient,
  MongoNetworkError,
  MongoOperationTimeoutError,
  MongoServerError,
  MongoServerSelectionError,
} from 'mongodb';
import { describe, expect, it } from 'vitest';
import { createQueryRunner } from './mongo-queries.js';

const client = new MongoClient('mongodb://user:secret@one:27017,two:27018/?appName=test');
const run = createQueryRunner(client);
const failing = (error: Error) => run('events', () => Promise.reject(error));
const closed = new MongoNetworkError('closed');

describe('a query to a server that does not answer', () => {
  it.each([
    ['a closed connection', closed],
    ['a timeout', new MongoOperationTimeoutError('late')],
    ['no server', new MongoServerSelectionError('none', { servers: new Map() } as never)],
    ['a bulk write on a closed connection', new MongoServerError(closed)],
  ])('fails as SERVER_UNAVAILABLE: %s', async (_, error) => {
    await expect(failing(error)).rejects.toMatchObject({
      code: 'SERVER_UNAVAILABLE',
      facts: { server: 'document store', endpoint: 'one:27017,two:27018', collection: 'events' },
      cause: error,
    });
  });

  it('fails when the server hangs', async () => {
    const hanging = createQueryRunner(client, 20)('events', () => new Promise(() => undefined));
    await expect(hanging).rejects.toMatchObject({ code: 'SERVER_UNAVAILABLE' });
  });
});

it('leaves other errors unchanged', async () => {
  const error = new MongoServerError({ message: 'a bad query' });
  await expect(failing(error)).rejects.toBe(error);
});
