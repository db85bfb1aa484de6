import { afterEach, beforeEach, expect, it } from 'vitest';
import { type HealthServer, type HealthSources, startHealthServer } from './health-server.js';
import { createReadiness, type Readiness } from './readiness.js';

let readiness: Readiness;
let server: HealthServer;
let metrics: HealthSources['metrics'];
const sources = (): HealthSources => ({
  state: () => readiness.state(),
  metrics: () => metrics(),
});
beforeEach(async () => {
  readiness = createReadiness();
  metrics = () => Promise.resolve('jobs 1\n');
  server = await startHealthServer({ host: '127.0.0.1', port: 0 }, sources());
});
afterEach(() => server.close());

const request = (path: string, method = 'GET') =>
  fetch(`http://127.0.0.1:${server.port}${path}`, { method });

it('is live before it is ready', async () => {
  expect((await request('/livez')).status).toBe(200);
  const response = await request('/readyz');
  expect(response.status).toBe(503);
  expect(await response.json()).toEqual({ ready: false, reason: 'it is starting' });
});

it('reports the readiness of the worker', async () => {
  readiness.ready();
  const ready = await request('/readyz?verbose');
  expect(ready.status).toBe(200);
  expect(await ready.json()).toEqual({ ready: true });
  readiness.notReady('a model is missing');
  expect(await (await request('/readyz')).json()).toEqual({
    ready: false,
    reason: 'a model is missing',
  });
});

it('sends metrics as text, and the reason if they cannot be read', async () => {
  const response = await request('/metrics');
  expect(response.headers.get('content-type')).toContain('version=0.0.4');
  expect(await response.text()).toBe('jobs 1\n');
  metrics = () => Promise.reject(new Error('not collected'));
  const failed = await request('/metrics');
  expect([failed.status, await failed.json()]).toEqual([500, { error: 'not collected' }]);
});

it.each([
  ['/', 'GET', 404],
  ['/metrics', 'POST', 405],
  ['/readyz/more', 'GET', 404],
  ['/readyz', 'POST', 405],
  ['/livez', 'HEAD', 200],
])('replies to %s with method %s with status %i', async (path, method, status) => {
  expect((await request(path, method)).status).toBe(status);
});

it('rejects if the port is in use', async () => {
  const second = startHealthServer({ host: '127.0.0.1', port: server.port }, sources());
  await expect(second).rejects.toThrow(`EADDRINUSE`);
});
