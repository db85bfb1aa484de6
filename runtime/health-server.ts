import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ReadyState } from './readiness.js';

export interface HealthServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Answers `GET /livez` with 200 while this process's event loop turns, and `GET /readyz` with 200
 * or, with the reason, 503.
 */
export async function startHealthServer(
  { host, port }: { readonly host: string; readonly port: number },
  state: () => ReadyState,
): Promise<HealthServer> {
  const server = createServer((request, response) => answer(request, response, state));
  server.listen(port, host);
  await once(server, 'listening');
  // Health is no reason to go on when all else has ended.
  server.unref();
  return {
    port: (server.address() as AddressInfo).port, // it listens on a port, not on a path
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function answer(
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
