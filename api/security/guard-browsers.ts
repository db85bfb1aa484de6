import type { FastifyRequest } from 'fastify';
import type { Config } from '../../config/index.js';
import { ProblemError } from '../http/problem.js';
import type { ApiServer } from '../http/api-server.js';
import { headerKeyOf } from './request-key.js';

type ApiConfig = Config['api'];
type Asked = Pick<FastifyRequest, 'method' | 'headers'>;

/** What a person's browser sends for pages of other sites is not answered. */
export function guardBrowsers(server: ApiServer, config: ApiConfig): void {
  server.addHook('onRequest', (request, _, done) => {
    expectHost(request, config);
    expectOwnPage(request, config);
    done();
  });
}

const LOOPBACK_NAME = /^(localhost|[a-z0-9-]+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/i;

/**
 * A site can give its own name the address of loopback (DNS rebinding), and its pages are then of
 * the API's origin for a browser; the name in the request still tells.
 */
function expectHost({ headers: { host = '' } }: Asked, { isLoopback, hosts }: ApiConfig): void {
  if (!isLoopback && hosts.length === 0) return;
  const name = host.replace(/:\d+$/, '');
  if (LOOPBACK_NAME.test(name)) return;
  if (hosts.some((known) => known.toLowerCase() === name.toLowerCase())) return;
  throw new ProblemError(
    'wrong-host',
    `The API does not go by the name "${name.slice(0, 255)}". Names are added by VIDETTE_API_HOSTS.`,
  );
}

const CHANGES_NOTHING = ['GET', 'HEAD', 'OPTIONS'];

/**
 * A form or script of another site can send what changes something, with the cookie of a session or
 * to an API without keys. Browsers tell which site it was; other clients tell nothing, and may.
 */
function expectOwnPage(request: Asked, { corsOrigins }: ApiConfig): void {
  const { origin, host, 'sec-fetch-site': site } = request.headers;
  if (CHANGES_NOTHING.includes(request.method) || headerKeyOf(request) !== undefined) return;
  if (origin !== undefined && corsOrigins.includes(origin)) return;
  if (site === 'same-origin' || site === 'none') return;
  if (site === undefined && (origin === undefined || URL.parse(origin)?.host === host)) return;
  throw new ProblemError(
    'forbidden',
    'The request came from a page of another site. Sites are let in by VIDETTE_CORS_ORIGINS.',
  );
}
