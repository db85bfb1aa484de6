import type { FastifyReply } from 'fastify';

/** Returns a signal that is aborted when the client disconnects. */
export function abortOnClose({ raw }: FastifyReply): AbortSignal {
  const disconnected = new AbortController();
  raw.once('close', () => disconnected.abort());
  return disconnected.signal;
}
