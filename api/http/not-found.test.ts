import { afterEach, describe, expect, it } from 'vitest';
import { listen, type ListeningApi } from '../../test/support/listening-api.js';
import { patternOf } from './not-found.js';

describe('a pattern', () => {
  it.each([
    ['/jobs', '/jobs', true],
    ['/jobs', '/jobs/', true],
    ['/jobs', '/jobs/a', false],
    ['/jobs/:id', '/jobs/a', true],
    ['/jobs/:id', '/jobs/a/b', false],
    ['/jobs/:id/frames/:frame.jpg', '/jobs/a/frames/5.jpg', true],
    ['/jobs/:id/frames/:frame.jpg', '/jobs/a/frames/5xjpg', false],
    ['/docs/*', '/docs/a/b.js', true],
    ['/', '/', true],
  ])('%s of %s: %s', (url, path, expected) => {
    expect(patternOf(url).test(path)).toBe(expected);
  });
});

describe('what no route takes', () => {
  let api: ListeningApi;
  afterEach(() => api.server.close());
  const start = async () => {
    api = await listen({}, [], (server) => {
      server.post('/own/:id', () => ({}));
      server.put('/own/:id', () => ({}));
    });
  };

  it.each(['GET', 'DELETE', 'QUERY', 'PATCH'])('%s: 405 with what is taken', async (method) => {
    await start();
    const { status, headers, body } = await api.ask('/own/a?b=c', { method });
    expect([status, headers.allow]).toEqual([405, 'POST, PUT']);
    expect(JSON.parse(body)).toMatchObject({ type: '/problems/method-not-allowed', status: 405 });
  });

  it.each(['GET', 'POST', 'QUERY'])('%s: 404 where nothing is', async (method) => {
    await start();
    const { status, body } = await api.ask('/other?token=hush', { method });
    expect(status).toBe(404);
    expect(JSON.parse(body)).toMatchObject({ type: '/problems/not-found' });
    expect(body).not.toContain('hush');
  });

  it.each([
    ['/own/%', 400, 'invalid-request'],
    ['/own/%ff', 400, 'invalid-request'],
    [`/own/${'a'.repeat(1025)}`, 431, 'headers-too-large'],
  ])('answers a URL that cannot be read with a problem: %s', async (path, status, kind) => {
    await start();
    const answer = await api.ask(path, { method: 'POST' });
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toMatchObject({ type: `/problems/${kind}`, status });
    expect(answer.headers['content-type']).toMatch('application/problem+json');
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
  });

  it('finds the route of an id of 128 characters', async () => {
    await start();
    expect((await api.ask(`/own/${'a'.repeat(128)}`, { method: 'POST' })).status).toBe(200);
  });

  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])(
    'has no kind of problem named %s',
    async (kind) => {
      await start();
      const { status, body } = await api.ask(`/problems/${kind}`);
      expect(status).toBe(404);
      expect(JSON.parse(body)).toMatchObject({ type: '/problems/not-found' });
    },
  );
});
