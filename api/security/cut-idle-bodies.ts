import type { IncomingMessage, ServerResponse } from 'node:http';
import { writeProblem } from '../http/socket-error.js';
import type { ApiServer } from '../http/api-server.js';

/**
 * Cuts off a client that sends nothing of its body for `idleMs` milliseconds. There is no limit for
 * a body that keeps arriving, or that waits for us to read.
 * @param lingerMs Grace period for the rest of a body whose request is already answered.
 */
export function cutIdleBodies(server: ApiServer, idleMs: number, lingerMs: number): void {
  server.addHook('onRequest', async ({ raw, log }, reply) => {
    if (!hasBody(raw)) return;
    watchBody(raw, idleMs, () => {
      log.info({ idleMs }, 'body stalled, cutting off the client');
      cutOff(raw, reply.raw);
    });
  });
  server.addHook('onResponse', ({ raw }, _, done) => {
    const cutOffLate = () => {
      if (!raw.complete) raw.socket.destroy();
    };
    if (!raw.complete) setTimeout(cutOffLate, lingerMs).unref();
    done();
  });
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

function watchBody(raw: IncomingMessage, idleMs: number, onIdle: () => void): void {
  const { socket } = raw;
  let seen = socket.bytesRead;
  let since = Date.now();
  const timer = setInterval(look, Math.min(1000, idleMs / 4)).unref();
  function look() {
    if (raw.complete || socket.destroyed) return clearInterval(timer);
    const isWaitingForUs = raw.readableLength > 0;
    if (isWaitingForUs || socket.bytesRead !== seen) {
      seen = socket.bytesRead;
      since = Date.now();
    } else if (Date.now() - since >= idleMs) {
      clearInterval(timer);
      onIdle();
    }
  }
}

function cutOff({ socket }: IncomingMessage, response: ServerResponse): void {
  if (response.headersSent) socket.destroySoon();
  else writeProblem(socket, 'request-timeout', 'The body stopped arriving for too long.');
}
