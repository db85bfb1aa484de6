import cookie from '@fastify/cookie';
import type { ApiContext } from '../context.js';
import type { ApiServer, ServerLimits } from '../http/api-server.js';
import { authenticate, authorise } from './authenticate.js';
import { cutIdleBodies } from './cut-idle-bodies.js';
import { guardBrowsers } from './guard-browsers.js';
import { addSecurityHeaders } from './headers.js';
import { limitRates } from './limit-rates.js';
import { logRequests } from './log-requests.js';

/** Adds the checks of all routes in their order. Call before registering routes. */
export async function secure(
  server: ApiServer,
  context: ApiContext,
  { lingerMs }: Pick<ServerLimits, 'lingerMs'>,
): Promise<void> {
  const { api } = context.config;
  server.server.maxConnections = api.maxConnections;
  logRequests(server);
  cutIdleBodies(server, api.idleMs, lingerMs);
  await server.register(cookie);
  await addSecurityHeaders(server, api);
  guardBrowsers(server, api);
  await limitRates(server, api);
  authenticate(server, context);
  authorise(server, context);
}
