import type { ServerResponse } from 'node:http';
import type { FastifyRequest } from 'fastify';
import type { ApiServer } from '../http/api-server.js';

interface Watch<State> {
  /** Interval between checks, in milliseconds. */
  readonly everyMs: number;
  /** Returns the state to keep for a new response; undefined if it is not checked. */
  readonly start: (request: FastifyRequest) => State | undefined;
  readonly check: (open: ReadonlyMap<ServerResponse, State>) => void;
}

/** Checks the responses in progress at an interval until the server is closed. */
export function watchResponses<State>(
  server: ApiServer,
  { everyMs, start, check }: Watch<State>,
): void {
  const open = new Map<ServerResponse, State>();
  const timer = setInterval(() => check(open), everyMs).unref();
  server.addHook('onRequest', (request, { raw }, done) => {
    const state = start(request);
    if (state !== undefined) {
      open.set(raw, state);
      raw.once('close', () => open.delete(raw));
    }
    done();
  });
  server.addHook('onClose', (_server, done) => {
    clearInterval(timer);
    done();
  });
}
