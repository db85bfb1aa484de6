import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { described } from '../../domain/described.js';
import { SCOPES } from '../../domain/api-key.js';
import type { ApiContext } from '../context.js';
import { problems } from '../schemas/problem-schema.js';
import { expectCaller } from '../security/authenticate.js';
import { keyOf, SESSION_COOKIE } from '../security/request-key.js';
import type { ApiServer } from '../http/api-server.js';

const PATH = '/api/v1/session';
const LIFETIME_S = 12 * 3600;

const sessionSchema = z
  .object({
    auth: described(z.enum(['keys', 'none']), 'Whether keys are required.'),
    name: described(z.string().nullable(), 'Name of the key; null without a key.', 'camera-1'),
    scopes: described(z.array(z.enum(SCOPES)), 'Scopes of the caller.', ['read', 'write']),
  })
  .meta({ id: 'Session', description: 'Key of the caller.' });

/** Routes for the page's session: a cookie holds the key, because image and video elements cannot send headers. */
export function sessionRoutes(server: ApiServer, { config }: ApiContext): void {
  const { auth } = config.api;
  const common = { tags: ['system'] };
  const sessionOf = ({ caller }: FastifyRequest) =>
    auth === 'none'
      ? { auth, name: null, scopes: [...SCOPES] }
      : { auth, name: caller?.name ?? null, scopes: [...(caller?.scopes ?? [])] };
  server.get(
    PATH,
    {
      config: { open: true },
      schema: {
        ...common,
        operationId: 'getSession',
        summary: 'Describe the key of this request',
        response: { 200: sessionSchema },
      },
    },
    (request) => sessionOf(request),
  );
  server.post(
    PATH,
    {
      config: { open: true },
      schema: {
        ...common,
        operationId: 'createSession',
        summary: 'Store the key of this request in a cookie',
        response: { 200: sessionSchema, ...problems(401, 403) },
      },
    },
    (request, reply) => {
      if (auth === 'keys') keepKey(request, reply);
      return sessionOf(request);
    },
  );
  server.delete(
    PATH,
    {
      config: { open: true },
      schema: {
        ...common,
        operationId: 'deleteSession',
        summary: 'Delete the cookie',
        response: { 204: z.null().describe('The cookie is deleted.'), ...problems(403) },
      },
    },
    (_, reply) => {
      void reply.clearCookie(SESSION_COOKIE, { path: '/' }).code(204).send(null);
    },
  );
}

function keepKey(request: FastifyRequest, reply: FastifyReply): void {
  expectCaller(request);
  void reply.setCookie(SESSION_COOKIE, keyOf(request) ?? '', {
    ...{ path: '/', httpOnly: true, sameSite: 'strict', maxAge: LIFETIME_S },
    // Set by a TLS proxy; a forged header only restricts the caller's own cookie.
    secure: request.headers['x-forwarded-proto'] === 'https',
  });
}
