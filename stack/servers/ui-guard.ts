import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  request as send,
  type Server,
  type ServerResponse,
} from 'node:http';
import { hostNameOf, isLoopbackName } from '../../platform/loopback-host.js';
import type { Ports } from '../supervisor/stack-plan.js';

const HOST = '127.0.0.1';

/** Proxy in front of Temporal's Web UI, which answers requests for any host name. */
export interface UiGuard {
  /** Starts to listen, unless it already does. @throws Error `EADDRINUSE`. */
  open(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Creates a proxy that rejects requests whose `Host` is not a name of this machine: without it, a page
 * of a site whose name resolves to loopback could read and change all workflows.
 */
export function createUiGuard({
  temporalUi,
  temporalUiBackend,
}: Pick<Ports, 'temporalUi' | 'temporalUiBackend'>): UiGuard {
  let server: Server | undefined;
  return {
    open: async () => {
      if (server?.listening) return;
      server = createServer((request, response) => handle(request, response, temporalUiBackend));
      server.listen(temporalUi, HOST);
      await once(server, 'listening');
    },
    close: async () => {
      if (!server?.listening) return;
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function handle(request: IncomingMessage, response: ServerResponse, backend: number): void {
  const name = hostNameOf(request.headers.host);
  if (isLoopbackName(name)) return forward(request, response, backend);
  reply(response, 421, 'Open this page under 127.0.0.1 or localhost: other names are rejected.');
}

function forward(request: IncomingMessage, response: ServerResponse, port: number): void {
  const { method, url: path, headers } = request;
  const upstream = send({ host: HOST, port, method, path, headers, agent: false });
  upstream.on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.on('error', () => response.destroy());
    answer.pipe(response);
  });
  upstream.on('error', () => {
    if (response.headersSent) response.destroy();
    else reply(response, 502, "Temporal's Web UI is not running. Check it with: vidette status");
  });
  response.on('close', () => upstream.destroy());
  request.pipe(upstream);
}

function reply(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' });
  response.end(`${message}\n`);
}
