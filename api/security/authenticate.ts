import type { FastifyRequest } from 'fastify';
import type { ApiKey, Scope } from '../../domain/api-key.js';
import type { ApiContext } from '../context.js';
import { ProblemError } from '../http/problem.js';
import type { ApiServer } from '../http/api-server.js';
import { createKeyBook } from './key-book.js';
import { keyOf } from './request-key.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** The key that the request came with; null for none, or one that is not in use. */
    caller: ApiKey | null;
    /** Why the request is not let in where a key is needed. */
    refusal: unknown;
  }
}

/** What a caller may do where no keys are asked for. */
type Caller = Pick<ApiKey, 'name' | 'scopes'>;

/** Looks for the key of each request, before anything is counted or read. */
export function authenticate(server: ApiServer, context: ApiContext): void {
  server.decorateRequest('caller', null);
  server.decorateRequest('refusal', null);
  if (context.config.api.auth === 'none') return;
  const findCaller = createCallerFinder(server, context);
  server.addHook('onRequest', async (request) => {
    try {
      request.caller = await findCaller(request);
    } catch (error) {
      // Not thrown yet: what is open is answered, and the others are counted first.
      request.refusal = error;
    }
  });
}

/** Lets nobody in without a key that has the route's right; the body is not read before. */
export function authorise(server: ApiServer, { config }: ApiContext): void {
  if (config.api.auth === 'none') return;
  server.addHook('preParsing', (request, _reply, _payload, done) => {
    const { open = false, scope = 'read' } = request.routeOptions.config;
    if (!open && !request.is404) expectScope(expectCaller(request), scope);
    done();
  });
}

/** @throws what the request was refused with. */
export function expectCaller({ caller, refusal }: FastifyRequest): ApiKey {
  if (caller) return caller;
  throw refusal;
}

function expectScope({ name, scopes }: Caller, scope: Scope): void {
  if (scopes.includes(scope)) return;
  throw new ProblemError(
    'forbidden',
    `The key "${name}" has the rights ${scopes.join(', ')}; this needs ${scope}.`,
  );
}

function createCallerFinder(server: ApiServer, context: ApiContext) {
  const book = createKeyBook(context.config.timing.cacheMs);
  const find = (hash: string) => context.services().documents.apiKeys.find(hash);
  const countLookUp = server.createRateLimit({
    ...{ max: context.config.api.ratePerMinute, timeWindow: '1 minute' },
  });
  return async (request: FastifyRequest): Promise<ApiKey> => {
    const key = keyOf(request);
    if (key === undefined) {
      throw new ProblemError(
        'unauthorized',
        'A key is needed: "Authorization: Bearer vidette_..." or "X-API-Key: vidette_...". Make one with: vidette keys create',
      );
    }
    // Who guesses keys must not keep the store busy.
    if (book.isNew(key)) {
      const count = await countLookUp(request);
      if (!count.isAllowed && count.isExceeded) {
        throw new ProblemError('too-many-requests', 'Too many keys were tried; wait a minute.');
      }
    }
    const caller = await book.find(key, find);
    if (caller) return caller;
    throw new ProblemError('unauthorized', 'The key is not known, or it was revoked.');
  };
}
