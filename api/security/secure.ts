import cookie from '@fastify/cookie';
import type { Config } from '../../config/index.js';
import type { ApiContext } from '../context.js';
import type { ApiServer, ServerLimits } from '../http/api-server.js';
import { authenticate, authorise } from './authenticate.js';
import { cutIdleBodies } from './cut-idle-bodies.js';
import { cutStalledReaders } from './cut-stalled-readers.js';
import { guardBrowsers } from './guard-browsers.js';
import { addSecurityHeaders } from './headers.js';
import { limitBodies, limitRequests } from './limit-callers.js';
import { limitRates } from './limit-rates.js';
import { logRequests } from './log-requests.js';

/** Adds the checks of all routes in their order. Call before registering routes. */
export async function secure(
  server: ApiServer,
  context: ApiContext,
  limits: Pick<ServerLimits, 'lingerMs' | 'stallMs' | 'bodiesBytes'>,
): Promise<void> {
  const { api } = context.config;
  limitConnections(server, api);
  logRequests(server);
  cutIdleBodies(server, api.idleMs, limits.lingerMs);
  cutStalledReaders(server, limits.stallMs);
  await server.register(cookie);
  await addSecurityHeaders(server, api);
  guardBrowsers(server, api);
  await limitRates(server, api);
  authenticate(server, context);
  limitRequests(server, api);
  authorise(server, context);
  limitBodies(server, api, limits);
}

/** Limits all connections; if there are too many, those that wait for their next request are closed. */
function limitConnections({ server }: ApiServer, { maxConnections }: Config['api']): void {
  server.maxConnections = maxConnections;
  server.on('drop', () => server.closeIdleConnections());
}
