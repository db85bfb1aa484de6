import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '../../config/index.js';
import { ProblemError } from '../http/problem.js';
import type { ApiServer, ServerLimits } from '../http/api-server.js';
import { callerOf } from './caller.js';

/** Share of a total that one caller may use, so that others can still be served. */
const CALLER_SHARE = 1 / 2;
const JSON_TYPE = /^application\/json\b/i;

/**
 * Limits the requests in progress of one caller to half of the connections. An API without keys listens
 * on loopback only and has no limit.
 */
export function limitRequests(server: ApiServer, { auth, maxConnections }: Config['api']): void {
  if (auth === 'none') return;
  const max = Math.max(1, Math.floor(maxConnections * CALLER_SHARE));
  const running = createShares();
  server.addHook('onRequest', (request, reply, done) => {
    if (running.of(callerOf(request)) >= max) {
      throw new ProblemError(
        'too-many-requests',
        `The limit of ${max} requests at a time is reached. Wait until one has ended.`,
      );
    }
    running.take(request, reply, 1);
    done();
  });
}

/**
 * Limits the memory for bodies that are read as a whole: those in JSON. One caller may use half of it,
 * unless the API has no keys. A body counts with its announced length, or else with the limit of its
 * route, until its response has ended.
 */
export function limitBodies(
  server: ApiServer,
  { auth }: Config['api'],
  { bodiesBytes }: Pick<ServerLimits, 'bodiesBytes'>,
): void {
  const callerBytes = auth === 'none' ? bodiesBytes : bodiesBytes * CALLER_SHARE;
  const held = createShares();
  server.addHook('preParsing', (request, reply, _payload, done) => {
    const bytes = bufferedBytes(request);
    const fits =
      held.total() + bytes <= bodiesBytes && held.of(callerOf(request)) + bytes <= callerBytes;
    if (bytes > 0 && !fits) {
      throw new ProblemError(
        'too-many-requests',
        'Too many large bodies arrive at the same time. Send this one again later.',
      );
    }
    held.take(request, reply, bytes);
    done();
  });
}

/** Amounts of a resource that requests in progress hold, by caller. */
function createShares() {
  const shares = new Map<string, number>();
  const add = (caller: string, amount: number) => {
    const sum = (shares.get(caller) ?? 0) + amount;
    if (sum > 0) shares.set(caller, sum);
    else shares.delete(caller);
  };
  return {
    of: (caller: string) => shares.get(caller) ?? 0,
    total: () => [...shares.values()].reduce((sum, amount) => sum + amount, 0),
    /** Holds an amount until the response has ended or its connection is closed. */
    take: (request: FastifyRequest, { raw }: FastifyReply, amount: number) => {
      if (amount === 0) return;
      const caller = callerOf(request);
      add(caller, amount);
      raw.once('close', () => add(caller, -amount));
    },
  };
}

function bufferedBytes({ headers, routeOptions }: FastifyRequest): number {
  const { 'content-type': type = '', 'content-length': length } = headers;
  if (!JSON_TYPE.test(type)) return 0;
  const limit = routeOptions.bodyLimit;
  return length === undefined ? limit : Math.min(Number(length), limit);
}
