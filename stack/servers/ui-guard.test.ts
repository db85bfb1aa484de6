import { once } from 'node:events';
import { createServer, request as send, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from '../ports.js';
import { createUiGuard, type UiGuard } from './ui-guard.js';

let backend: Server;
let guard: UiGuard;
let port: number;
/** Requests that reached the backend. */
let received: IncomingMessage[];

beforeEach(async () => {
  received = [];
  backend = createServer((request, response) => {
    received.push(request);
    response.setHeader('set-cookie', ['a=1', 'b=2']);
    response.writeHead(request.url === '/missing' ? 404 : 200);
    response.write('first,');
    if (request.url !== '/endless') request.pipe(response);
  });
  backend.listen(0, '127.0.0.1');
  await once(backend, 'listening');
  port = await freePort();
  const { port: temporalUiBackend } = backend.address() as AddressInfo; // a TCP server has a port
  guard = createUiGuard({ temporalUi: port, temporalUiBackend });
  await guard.open();
});
afterEach(async () => {
  await guard.close();
  backend.closeAllConnections();
  backend.close();
});

async function ask(path: string, host: string, body?: string): Promise<IncomingMessage> {
  const method = body === undefined ? 'GET' : 'POST';
  const request = send({ host: '127.0.0.1', port, path, method, headers: { host } });
  request.end(body);
  const [answer] = (await once(request, 'response')) as [IncomingMessage];
  return answer;
}

describe('a proxy of the Web UI', () => {
  it('forwards requests and answers unchanged', async () => {
    const answer = await ask('/api/v1?x=1', `localhost:${port}`, 'second');
    expect(await text(answer)).toBe('first,second');
    expect([answer.statusCode, answer.headers['set-cookie']]).toEqual([200, ['a=1', 'b=2']]);
    expect(received[0]).toMatchObject({ method: 'POST', url: '/api/v1?x=1' });
    expect(received[0]?.headers.host).toBe(`localhost:${port}`);
    expect((await ask('/missing', '127.0.0.1')).statusCode).toBe(404);
  });

  it('forwards an answer while it arrives, and ends it when its reader leaves', async () => {
    const answer = await ask('/endless', '127.0.0.1');
    const [chunk] = (await once(answer, 'data')) as [Buffer];
    expect(chunk.toString()).toBe('first,');
    const closed = once(received[0]!.socket, 'close');
    answer.destroy();
    await closed;
  });

  it.each(['evil.example', `evil.example:8233`, '127.0.0.1.evil.example', '192.0.2.1'])(
    'rejects the host name %s',
    async (host) => {
      const answer = await ask('/', host);
      expect([answer.statusCode, received]).toEqual([421, []]);
    },
  );

  it('answers 502 while the Web UI is unavailable, and recovers', async () => {
    const { port: backendPort } = backend.address() as AddressInfo; // a TCP server has a port
    backend.close();
    await once(backend, 'close');
    expect((await ask('/', '127.0.0.1')).statusCode).toBe(502);
    backend.listen(backendPort, '127.0.0.1');
    await once(backend, 'listening');
    expect((await ask('/', '127.0.0.1', '')).statusCode).toBe(200);
  });

  it('rejects if its port is taken, and can be opened again after it was closed', async () => {
    const other = createUiGuard({ temporalUi: port, temporalUiBackend: 1 });
    await expect(other.open()).rejects.toThrow('EADDRINUSE');
    await guard.close();
    await other.open();
    await other.close();
  });
});
