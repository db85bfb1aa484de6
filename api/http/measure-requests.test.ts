import { afterEach, expect, it } from 'vitest';
import { listen, type ListeningApi } from '../../test/support/listening-api.js';

let api: ListeningApi;
afterEach(() => api.server.close());

it('measures requests by route, method and status, without ids and queries', async () => {
  api = await listen({}, [], (server) => {
    server.get('/own/:id', () => ({}));
    server.get('/broken', () => {
      throw new Error('oops');
    });
  });
  await api.ask('/own/a?token=hush');
  await api.ask('/own/b');
  await api.ask('/broken');
  await api.ask('/nothing/here');
  const { body } = await api.ask('/metrics');
  const counts = body.split('\n').filter((line) => line.startsWith(COUNT));
  expect(counts.map((line) => line.slice(COUNT.length)).sort()).toEqual([
    '{route="/broken",method="GET",status="500"} 1',
    '{route="/own/:id",method="GET",status="200"} 2',
    '{route="unknown",method="GET",status="404"} 1',
  ]);
  expect(body).not.toContain('hush');
});

const COUNT = 'http_request_duration_seconds_count';
