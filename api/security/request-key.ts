import type { FastifyRequest } from 'fastify';

/** Cookie with the key of a browser session: HTTP-only and same-site. */
export const SESSION_COOKIE = 'vidette_session';

const BEARER = /^Bearer +(\S+)$/i;

/** Key in the headers of a request, if any. URLs never contain keys. */
export function headerKeyOf({ headers }: Pick<FastifyRequest, 'headers'>): string | undefined {
  const [, bearer] = BEARER.exec(headers.authorization ?? '') ?? [];
  const plain = headers['x-api-key'];
  return bearer ?? (typeof plain === 'string' ? plain : undefined);
}

/** Key of a request from its headers, otherwise from the session cookie. */
export function keyOf(request: Pick<FastifyRequest, 'headers' | 'cookies'>): string | undefined {
  return headerKeyOf(request) ?? request.cookies[SESSION_COOKIE];
}
