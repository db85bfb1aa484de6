import type { FastifyRequest } from 'fastify';
import type { Config } from '../../config/index.js';
import { hostNameOf, isLoopbackName } from '../../platform/loopback-host.js';
import { ProblemError } from '../http/problem.js';
import type { ApiServer } from '../http/api-server.js';
import { headerKeyOf } from './request-key.js';

type ApiConfig = Config['api'];
type Asked = Pick<FastifyRequest, 'method' | 'headers' | 'routeOptions'>;

/** Rejects requests that a browser sends on behalf of other sites. */
export function guardBrowsers(server: ApiServer, config: ApiConfig): void {
  server.addHook('onRequest', (request, _, done) => {
    expectHost(request, config);
    expectOwnPage(request, config);
    done();
  });
}

/** Rejects names that are neither configured nor of this machine (DNS rebinding). */
function expectHost({ headers: { host } }: Asked, { isLoopback, hosts }: ApiConfig): void {
  if (!isLoopback && hosts.length === 0) return;
  const name = hostNameOf(host);
  if (isLoopbackName(name)) return;
  if (hosts.some((known) => known.toLowerCase() === name.toLowerCase())) return;
  throw new ProblemError(
    'wrong-host',
    `Host "${name.slice(0, 255)}" is not allowed. Add it to VIDETTE_API_HOSTS.`,
  );
}

const CHANGES_NOTHING = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Rejects changes by forms and scripts of other sites, which could use the cookie of a session or an
 * API without keys. Browsers name the site; clients that name none are allowed.
 */
function expectOwnPage(request: Asked, { corsOrigins }: ApiConfig): void {
  const { origin, host, 'sec-fetch-site': site } = request.headers;
  const { startsWork = false } = request.routeOptions.config;
  const changesNothing = CHANGES_NOTHING.includes(request.method) && !startsWork;
  if (changesNothing || headerKeyOf(request) !== undefined) return;
  if (origin !== undefined && corsOrigins.includes(origin)) return;
  if (site === 'same-origin' || site === 'none') return;
  if (site === undefined && (origin === undefined || URL.parse(origin)?.host === host)) return;
  throw new ProblemError(
    'forbidden',
    'The request came from a page of another site. Add the site to VIDETTE_CORS_ORIGINS.',
  );
}
