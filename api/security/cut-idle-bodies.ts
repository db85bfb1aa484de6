import type { IncomingMessage, ServerResponse } from 'node:http';
import { writeProblem } from '../http/socket-error.js';
import type { ApiServer } from '../http/api-server.js';

/** Minimum rate of a body: a client that drips bytes would hold its connection indefinitely. */
const MIN_BYTES_PER_S = 1024;

/**
 * Cuts off a client that sends nothing of its body for `idleMs` milliseconds, or less than
 * {@link MIN_BYTES_PER_S} on average after that time. There is no limit for a body that keeps arriving
 * faster, or that waits for us to read.
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
  const first = socket.bytesRead;
  const everyMs = Math.min(1000, idleMs / 4);
  let [seen, silentMs, receivingMs] = [first, 0, 0];
  const timer = setInterval(look, everyMs).unref();
  function look() {
    if (raw.complete || socket.destroyed) return clearInterval(timer);
    const isWaitingForUs = raw.readableLength > 0;
    silentMs = isWaitingForUs || socket.bytesRead !== seen ? 0 : silentMs + everyMs;
    if (!isWaitingForUs) receivingMs += everyMs;
    seen = socket.bytesRead;
    const expected = (MIN_BYTES_PER_S * receivingMs) / 1000;
    const isDripping = receivingMs >= idleMs && seen - first < expected;
    if (silentMs < idleMs && !isDripping) return;
    clearInterval(timer);
    onIdle();
  }
}

function cutOff({ socket }: IncomingMessage, response: ServerResponse): void {
  if (response.headersSent) socket.destroySoon();
  else writeProblem(socket, 'request-timeout', 'The body stopped arriving for too long.');
}
