import { afterEach, beforeEach, expect, it } from 'vitest';
import { type HealthServer, startHealthServer } from './health-server.js';
import { createReadiness, type Readiness } from './readiness.js';

let readiness: Readiness;
let server: HealthServer;
beforeEach(async () => {
  readiness = createReadiness();
  server = await startHealthServer({ host: '127.0.0.1', port: 0 }, () => readiness.state());
});
afterEach(() => server.close());

const ask = (path: string, method = 'GET') =>
  fetch(`http://127.0.0.1:${server.port}${path}`, { method });

it('is live before it is ready', async () => {
  expect((await ask('/livez')).status).toBe(200);
  const response = await ask('/readyz');
  expect(response.status).toBe(503);
  expect(await response.json()).toEqual({ ready: false, reason: 'it is starting' });
});

it('follows what the worker says of itself', async () => {
  readiness.ready();
  const ready = await ask('/readyz?verbose');
  expect(ready.status).toBe(200);
  expect(await ready.json()).toEqual({ ready: true });
  readiness.notReady('a model is missing');
  expect(await (await ask('/readyz')).json()).toEqual({
    ready: false,
    reason: 'a model is missing',
  });
});

it.each([
  ['/', 'GET', 404],
  ['/readyz/more', 'GET', 404],
  ['/readyz', 'POST', 405],
  ['/livez', 'HEAD', 200],
])('%s asked with %s answers %i', async (path, method, status) => {
  expect((await ask(path, method)).status).toBe(status);
});

it('says which port is taken', async () => {
  const second = startHealthServer({ host: '127.0.0.1', port: server.port }, () =>
    readiness.state(),
  );
  await expect(second).rejects.toThrow(`EADDRINUSE`);
});
