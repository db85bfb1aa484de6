import type { FastifyRequest } from 'fastify';
import type { ApiRole } from '../../config/http-api.js';
import type { ApiKey, Scope } from '../../domain/api-key.js';
import type { ApiContext } from '../context.js';
import { ProblemError } from '../http/problem.js';
import type { ApiServer } from '../http/api-server.js';
import { endRevoked } from './end-revoked.js';
import { createKeyBook, type FindKey, type KeyBook } from './key-book.js';
import { keyOf } from './request-key.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Valid key of the request; null without one. */
    caller: ApiKey | null;
    /** Error for routes that require a key. */
    refusal: unknown;
  }
}

/** Name and scopes of a key. */
type Caller = Pick<ApiKey, 'name' | 'scopes'>;

/** Looks up the key of each request, before rate limiting and before the body is read. */
export function authenticate(server: ApiServer, context: ApiContext): void {
  server.decorateRequest('caller', null);
  server.decorateRequest('refusal', null);
  if (context.config.api.auth === 'none') return;
  const { cacheMs } = context.config.timing;
  const book = createKeyBook(cacheMs);
  const find: FindKey = (hash) => context.imageServices().apiKeys.find(hash);
  const findCaller = createCallerFinder(server, context, { book, find });
  server.addHook('onRequest', async (request) => {
    try {
      request.caller = await findCaller(request);
    } catch (error) {
      // Not thrown yet: open routes need no key, and the rate limit comes first.
      request.refusal = error;
    }
  });
  endRevoked(server, async (key) => (await book.find(key, find)) !== undefined, cacheMs);
}

/** Where a caller gets a key. */
const SOURCE_OF_KEYS: Readonly<Record<ApiRole, string>> = {
  all: 'Create one with: vidette keys create',
  images:
    'This process printed its key when it first started, unless VIDETTE_API_KEYS sets the SHA-256 of the keys that it accepts.',
};

/** Rejects requests without a key that has the scope of the route, before the body is read. */
export function authorise(server: ApiServer, { config }: ApiContext): void {
  if (config.api.auth === 'none') return;
  server.addHook('preParsing', (request, _reply, _payload, done) => {
    const { open = false, scope = 'read' } = request.routeOptions.config;
    if (!open && !request.is404) expectScope(expectCaller(request), scope);
    done();
  });
}

/** @throws the error with which the key was rejected. */
export function expectCaller({ caller, refusal }: FastifyRequest): ApiKey {
  if (caller) return caller;
  throw refusal;
}

/** @throws ProblemError `forbidden` without the scope. */
export function expectScope({ name, scopes }: Caller, scope: Scope): void {
  if (scopes.includes(scope)) return;
  throw new ProblemError(
    'forbidden',
    `The key "${name}" has the scopes ${scopes.join(', ')}; this request requires ${scope}.`,
  );
}

function createCallerFinder(
  server: ApiServer,
  context: ApiContext,
  { book, find }: { readonly book: KeyBook; readonly find: FindKey },
) {
  const list = () => context.imageServices().apiKeys.list();
  const countLookUp = server.createRateLimit({
    ...{ max: context.config.api.ratePerMinute, timeWindow: '1 minute' },
  });
  return async (request: FastifyRequest): Promise<ApiKey> => {
    const key = keyOf(request);
    if (key === undefined) {
      throw new ProblemError(
        'unauthorized',
        `An API key is required: send "Authorization: Bearer vidette_..." or "X-API-Key: vidette_...". ${SOURCE_OF_KEYS[context.config.api.role]}`,
      );
    }
    // Guessing keys must not overload the store, or keep others at the same IP address out.
    if (book.isNew(key)) {
      const count = await countLookUp(request);
      const isExceeded = !count.isAllowed && count.isExceeded;
      if (isExceeded && !(await book.isListed(key, list))) {
        throw new ProblemError(
          'too-many-requests',
          'Too many unknown keys were tried. Wait a minute.',
        );
      }
    }
    const caller = await book.find(key, find);
    if (caller) return caller;
    throw new ProblemError('unauthorized', 'The API key is unknown or revoked.');
  };
}
