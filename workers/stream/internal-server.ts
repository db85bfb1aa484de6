import { timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { isIPv6, type AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { AppError, type ErrorCode, messageOf } from '../../domain/errors.js';
import { SCENARIO_UUID } from '../../domain/names.js';
import type { Logger } from '../../runtime/logger.js';
import type { AttachedCamera, CameraDirectory } from './attached-cameras.js';
import { CAMERA_ROUTES, type CameraRoute } from './camera-routes.js';

export interface InternalServerOptions {
  /** Address to listen on; if it is that of all interfaces, clients use the name of this host. */
  readonly host: string;
  readonly token: string;
  readonly cameras: Pick<CameraDirectory, 'find'>;
  readonly logger: Logger;
  /** Routes of live views, besides {@link CAMERA_ROUTES}. */
  readonly liveRoutes: Readonly<Record<string, CameraRoute>>;
}

export interface InternalServer {
  /** URL without a slash at its end. */
  readonly address: string;
  close(): Promise<void>;
}

const PATH = /^\/streams\/([^/]+)\/([^/?]+)(?:\?|$)/;
const ALL_INTERFACES = ['0.0.0.0', '::'];

/** Starts the server from which the API reads what the cameras of this worker show now. */
export async function startInternalServer(options: InternalServerOptions): Promise<InternalServer> {
  const server = createServer((request, response) => {
    reply(request, response, options).catch((error: unknown) => {
      options.logger.warn({ reason: messageOf(error) }, 'request of a camera failed');
      response.destroy();
    });
  });
  server.listen(0, options.host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // it listens on a port, not on a socket path
  return {
    address: `http://${reachableName(options.host)}:${port}`,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function reply(
  request: IncomingMessage,
  response: ServerResponse,
  { token, cameras, liveRoutes }: InternalServerOptions,
): Promise<void> {
  if (!hasToken(request, token)) return send(response, 401, 'expected the token of stream workers');
  const [, uuid = '', name = ''] = PATH.exec(request.url ?? '') ?? [];
  const routes = { ...CAMERA_ROUTES, ...liveRoutes };
  const route = Object.hasOwn(routes, name) ? routes[name] : undefined;
  if (!route || !SCENARIO_UUID.test(uuid)) return send(response, 404, 'not found');
  if (request.method !== 'GET') return send(response, 405, 'expected GET');
  const camera = cameras.find(uuid);
  if (!camera) return send(response, 404, 'the camera does not run on this worker');
  await serve(route, camera, response);
}

/** Runs a route until the camera is detached or the client has gone. */
async function serve(
  route: CameraRoute,
  { attachment, ended }: AttachedCamera,
  response: ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  try {
    await route(attachment, response, AbortSignal.any([ended, gone.signal]));
    response.end();
  } catch (error) {
    if (!(error instanceof AppError) || response.headersSent) throw error;
    send(response, 409, error.message, error.code);
  }
}

function hasToken({ headers }: IncomingMessage, token: string): boolean {
  const [given, expected] = [headers.authorization ?? '', `Bearer ${token}`].map((text) =>
    Buffer.from(text),
  );
  return given!.length === expected!.length && timingSafeEqual(given!, expected!);
}

/** @param code of the error, if the camera cannot do what was requested. */
function send(response: ServerResponse, status: number, error: string, code?: ErrorCode): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify({ error, code })}\n`);
}

function reachableName(host: string): string {
  if (ALL_INTERFACES.includes(host)) return hostname();
  return isIPv6(host) ? `[${host}]` : host;
}
