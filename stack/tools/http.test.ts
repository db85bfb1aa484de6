import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it, vi } from 'vitest';
import { request } from './http.js';

afterEach(() => vi.unstubAllEnvs());

it('stops waiting for a proxy that closes each connection', async () => {
  let connections = 0;
  const proxy = createServer((socket) => {
    connections++;
    socket.once('data', () => socket.destroy());
  });
  await once(proxy.listen(0, '127.0.0.1'), 'listening');
  const { port } = proxy.address() as AddressInfo; // it listens on a port
  vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${port}`);
  const done = new AbortController();
  const answer = request('https://host.invalid/file', { signal: done.signal, answerMs: 300 });
  await expect(answer).rejects.toThrow('host.invalid is not reachable (no answer within 0.3 s');
  done.abort();
  await sleep(200);
  const before = connections;
  await sleep(200);
  expect(connections).toBe(before);
  proxy.close();
});
