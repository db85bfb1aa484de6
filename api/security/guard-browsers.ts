import type { FastifyRequest } from 'fastify';
import type { Config } from '../../config/index.js';
import { ProblemError } from '../http/problem.js';
import type { ApiServer } from '../http/api-server.js';
import { headerKeyOf } from './request-key.js';

type ApiConfig = Config['api'];
type Asked = Pick<FastifyRequest, 'method' | 'headers'>;

/** Rejects requests that a browser sends on behalf of other sites. */
export function guardBrowsers(server: ApiServer, config: ApiConfig): void {
  server.addHook('onRequest', (request, _, done) => {
    expectHost(request, config);
    expectOwnPage(request, config);
    done();
  });
}

const LOOPBACK_NAME = /^(localhost|[a-z0-9-]+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/i;

/**
 * Rejects DNS rebinding: a site can resolve its own name to loopback, so that browsers treat its
 * pages as the API's origin; the Host header still has the name of the site.
 */
function expectHost({ headers: { host = '' } }: Asked, { isLoopback, hosts }: ApiConfig): void {
  if (!isLoopback && hosts.length === 0) return;
  const name = host.replace(/:\d+$/, '');
  if (LOOPBACK_NAME.test(name)) return;
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
  if (CHANGES_NOTHING.includes(request.method) || headerKeyOf(request) !== undefined) return;
  if (origin !== undefined && corsOrigins.includes(origin)) return;
  if (site === 'same-origin' || site === 'none') return;
  if (site === undefined && (origin === undefined || URL.parse(origin)?.host === host)) return;
  throw new ProblemError(
    'forbidden',
    'The request came from a page of another site. Add the site to VIDETTE_CORS_ORIGINS.',
  );
}
