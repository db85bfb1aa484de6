import type { FastifyRequest } from 'fastify';

/** Where a browser keeps a key: scripts cannot read it, and other sites cannot have it sent. */
export const SESSION_COOKIE = 'vidette_session';

const BEARER = /^Bearer +(\S+)$/i;

/** The key of a request's headers; undefined for none. An address never holds one. */
export function headerKeyOf({ headers }: Pick<FastifyRequest, 'headers'>): string | undefined {
  const [, bearer] = BEARER.exec(headers.authorization ?? '') ?? [];
  const plain = headers['x-api-key'];
  return bearer ?? (typeof plain === 'string' ? plain : undefined);
}

/** The key of a request, from its headers or else from the cookie of a session. */
export function keyOf(request: Pick<FastifyRequest, 'headers' | 'cookies'>): string | undefined {
  return headerKeyOf(request) ?? request.cookies[SESSION_COOKIE];
}
