import { afterEach, expect, it } from 'vitest';
import { type ListeningApi, listen } from '../../test/support/listening-api.js';
import { ProblemError } from './problem.js';

let api: ListeningApi;
afterEach(async () => {
  api.stop();
  await api.server.close();
});

const answerWith = (error: Error) =>
  listen({}, [], (server) => {
    server.get('/fails', () => Promise.reject(error));
  });
const recordsOf = (message: string) => api.log().filter(({ msg }) => msg === message);

it('logs a request that arrives while the process starts without a stack', async () => {
  api = await answerWith(new ProblemError('not-ready', 'The API is not ready: it is starting.'));
  expect((await api.ask('/fails')).status).toBe(503);
  expect(recordsOf('request failed')).toEqual([]);
  expect(recordsOf('not ready')).toMatchObject([
    { level: 30, reason: 'The API is not ready: it is starting.' },
  ]);
});

it('logs an unexpected error with its stack', async () => {
  api = await answerWith(new Error('unexpected'));
  expect((await api.ask('/fails')).status).toBe(500);
  expect(recordsOf('request failed')).toMatchObject([
    { level: 50, err: { message: 'unexpected', stack: expect.any(String) as string } },
  ]);
});
