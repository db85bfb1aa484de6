import { PassThrough } from 'node:stream';
import type { FastifyReply } from 'fastify';

/** One server-sent event; its data is told as JSON. */
export interface ServerEvent {
  readonly event: string;
  readonly id: string;
  readonly data: unknown;
}

/** Id of the last event: who comes back with it is told that there is no more. */
export const END_ID = 'end';

/** Browsers come back so long after a connection is lost. */
const RETRY_MS = 2000;
/** Proxies cut off connections on which nothing is said for a minute. */
const KEEP_ALIVE_MS = 15_000;

/**
 * Tells events as they come, and that they ended; a signal says when the listener is gone. What an
 * event throws cuts the stream off without its last event: who listens comes back.
 */
export function sendEvents(
  reply: FastifyReply,
  events: (signal: AbortSignal) => AsyncIterable<ServerEvent>,
): FastifyReply {
  const lines = (signal: AbortSignal) => eventLines(events(signal));
  const keepAlive = { text: ': keep-alive\n\n', everyMs: KEEP_ALIVE_MS };
  return sendLines(reply.type('text/event-stream'), lines, keepAlive);
}

/** Tells rows as they come, each as a line of JSON. */
export function sendJsonLines(
  reply: FastifyReply,
  rows: (signal: AbortSignal) => AsyncIterable<unknown>,
): FastifyReply {
  const lines = async function* (signal: AbortSignal) {
    for await (const row of rows(signal)) yield `${JSON.stringify(row)}\n`;
  };
  return sendLines(reply.type('application/x-ndjson'), lines);
}

async function* eventLines(events: AsyncIterable<ServerEvent>): AsyncGenerator<string> {
  let isFirst = true;
  for await (const { event, id, data } of events) {
    const retry = isFirst ? `retry: ${RETRY_MS}\n` : '';
    isFirst = false;
    yield `${retry}id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
  }
  yield `id: ${END_ID}\nevent: end\ndata: {}\n\n`;
}

interface KeepAlive {
  readonly text: string;
  readonly everyMs: number;
}

function sendLines(
  reply: FastifyReply,
  lines: (signal: AbortSignal) => AsyncIterable<string>,
  keepAlive?: KeepAlive,
): FastifyReply {
  const gone = new AbortController();
  const body = new PassThrough();
  const cutOff = () => body.destroy();
  // Who listens comes back, to another process; an end would say that there is no more.
  reply.server.stopping.addEventListener('abort', cutOff, { once: true });
  body.once('close', () => {
    reply.server.stopping.removeEventListener('abort', cutOff);
    gone.abort();
  });
  void pump(lines(gone.signal), body, keepAlive);
  return reply.header('cache-control', 'no-store').header('x-accel-buffering', 'no').send(body);
}

async function pump(
  lines: AsyncIterable<string>,
  body: PassThrough,
  keepAlive: KeepAlive | undefined,
): Promise<void> {
  const timer = keepAlive && setInterval(() => body.write(keepAlive.text), keepAlive.everyMs);
  try {
    for await (const line of lines) {
      if (body.destroyed) return;
      if (!body.write(line)) await waitForDrain(body);
    }
    body.end();
  } catch (error) {
    if (!body.destroyed) body.destroy(error instanceof Error ? error : new Error(String(error)));
  } finally {
    clearInterval(timer);
  }
}

function waitForDrain(body: PassThrough): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      body.off('drain', done).off('close', done);
      resolve();
    };
    body.once('drain', done).once('close', done);
  });
}
