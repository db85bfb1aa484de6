import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ReadyState } from './readiness.js';

export interface HealthServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Replies to `GET /livez` with 200 while the event loop of this process runs, and to `GET /readyz`
 * with 200, or with 503 and the reason.
 */
export async function startHealthServer(
  { host, port }: { readonly host: string; readonly port: number },
  state: () => ReadyState,
): Promise<HealthServer> {
  const server = createServer((request, response) => reply(request, response, state));
  server.listen(port, host);
  await once(server, 'listening');
  // The health server must not keep the process alive.
  server.unref();
  return {
    port: (server.address() as AddressInfo).port, // it listens on a port, not on a socket path
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function reply(
  { method, url = '/' }: IncomingMessage,
  response: ServerResponse,
  state: () => ReadyState,
): void {
  const path = url.split('?')[0];
  if (path !== '/livez' && path !== '/readyz') return send(response, 404, { error: 'not found' });
  if (method !== 'GET' && method !== 'HEAD') {
    return send(response, 405, { error: 'expected GET' });
  }
  if (path === '/livez') return send(response, 200, { live: true });
  const now = state();
  send(response, now.ready ? 200 : 503, now);
}

function send(response: ServerResponse, status: number, body: object): void {
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' };
  response.writeHead(status, headers).end(`${JSON.stringify(body)}\n`);
}
