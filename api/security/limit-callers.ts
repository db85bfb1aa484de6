import { Transform } from 'node:stream';
import type { FastifyReply, FastifyRequest, RequestPayload } from 'fastify';
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
    running.open(request, reply)(1);
    done();
  });
}

/**
 * Limits the memory for bodies that are read as a whole: those in JSON. One caller may use half of it,
 * unless the API has no keys. The bytes of a body count from their arrival until its response has ended.
 */
export function limitBodies(
  server: ApiServer,
  { auth }: Config['api'],
  { bodiesBytes }: Pick<ServerLimits, 'bodiesBytes'>,
): void {
  const callerBytes = auth === 'none' ? bodiesBytes : bodiesBytes * CALLER_SHARE;
  const held = createShares();
  server.addHook('preParsing', (request, reply, payload, done) => {
    if (!JSON_TYPE.test(request.headers['content-type'] ?? '')) return done(null, payload);
    const caller = callerOf(request);
    const hold = held.open(request, reply);
    const onBytes = (bytes: number) => {
      hold(bytes);
      return held.total() <= bodiesBytes && held.of(caller) <= callerBytes;
    };
    done(null, countBytes(payload, onBytes));
  });
}

/** Passes a body on while `onBytes`, which is called with the size of each chunk, returns true. */
function countBytes(payload: RequestPayload, onBytes: (bytes: number) => boolean): Transform {
  const counter = new Transform({
    transform: (chunk: Buffer, _encoding, done) =>
      onBytes(chunk.length) ? done(null, chunk) : done(tooManyBodies()),
  });
  payload.once('error', (error) => counter.destroy(error));
  return payload.pipe(counter);
}

function tooManyBodies(): ProblemError {
  return new ProblemError(
    'too-many-requests',
    'Too many large bodies arrive at the same time. Send this one again later.',
  );
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
    /**
     * Returns a function that holds an amount, in addition to earlier ones, until the response has
     * ended or its connection is closed.
     */
    open: (request: FastifyRequest, { raw }: FastifyReply) => {
      const caller = callerOf(request);
      let [held, isOpen] = [0, true];
      raw.once('close', () => {
        isOpen = false;
        add(caller, -held);
      });
      return (amount: number) => {
        if (!isOpen) return;
        held += amount;
        add(caller, amount);
      };
    },
  };
}
