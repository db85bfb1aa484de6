import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { messageOf } from '../domain/errors.js';
import type { ReadyState } from './readiness.js';

export interface HealthServer {
  readonly port: number;
  close(): Promise<void>;
}

/** What the server reports. */
export interface HealthSources {
  readonly state: () => ReadyState;
  /** Returns the metrics in the text format of Prometheus. */
  readonly metrics: () => Promise<string>;
}

const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/**
 * Replies to `GET /livez` with 200 while the event loop of this process runs, to `GET /readyz` with
 * 200, or with 503 and the reason, and to `GET /metrics` for Prometheus.
 */
export async function startHealthServer(
  { host, port }: { readonly host: string; readonly port: number },
  sources: HealthSources,
): Promise<HealthServer> {
  const server = createServer((request, response) => void reply(request, response, sources));
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

const PATHS = ['/livez', '/readyz', '/metrics'];

async function reply(
  { method, url = '/' }: IncomingMessage,
  response: ServerResponse,
  { state, metrics }: HealthSources,
): Promise<void> {
  const path = url.split('?')[0] ?? '';
  if (!PATHS.includes(path)) return send(response, 404, { error: 'not found' });
  if (method !== 'GET' && method !== 'HEAD') {
    return send(response, 405, { error: 'expected GET' });
  }
  if (path === '/livez') return send(response, 200, { live: true });
  if (path === '/metrics') return sendMetrics(response, metrics);
  const now = state();
  send(response, now.ready ? 200 : 503, now);
}

async function sendMetrics(
  response: ServerResponse,
  metrics: HealthSources['metrics'],
): Promise<void> {
  try {
    const text = await metrics();
    response.writeHead(200, { 'content-type': METRICS_TYPE, 'cache-control': 'no-store' });
    response.end(text);
  } catch (error) {
    send(response, 500, { error: messageOf(error) });
  }
}

function send(response: ServerResponse, status: number, body: object): void {
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' };
  response.writeHead(status, headers).end(`${JSON.stringify(body)}\n`);
}
