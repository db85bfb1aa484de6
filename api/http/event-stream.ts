import { PassThrough } from 'node:stream';
import type { FastifyReply } from 'fastify';

/** Server-sent event; its data is sent as JSON. */
export interface ServerEvent {
  readonly event: string;
  readonly id: string;
  readonly data: unknown;
}

/** Id of the last event: a client that reconnects with it gets 204. */
export const END_ID = 'end';

/** Delay before browsers reconnect, in milliseconds. */
const RETRY_MS = 2000;
/** Interval between keep-alive comments: proxies close connections that are idle for a minute. */
const KEEP_ALIVE_MS = 15_000;

/**
 * Sends events as they arrive, then an event "end"; the signal is aborted when the client leaves. An
 * error cuts the stream off without the last event, so that the client reconnects.
 */
export function sendEvents(
  reply: FastifyReply,
  events: (signal: AbortSignal) => AsyncIterable<ServerEvent>,
): FastifyReply {
  const lines = (signal: AbortSignal) => eventLines(events(signal));
  const keepAlive = { text: ': keep-alive\n\n', everyMs: KEEP_ALIVE_MS };
  return sendLines(reply.type('text/event-stream'), lines, keepAlive);
}

/** Sends rows as they arrive, each as a line of JSON. */
export function sendJsonLines(
  reply: FastifyReply,
  rows: (signal: AbortSignal) => AsyncIterable<unknown>,
): FastifyReply {
  const lines = async function* (signal: AbortSignal) {
    for await (const row of rows(signal)) yield `${JSON.stringify(row)}\n`;
  };
  return sendLines(reply.type('application/x-ndjson'), lines);
}

/** Streams a text of a media type as its parts are made. */
export function sendText(
  reply: FastifyReply,
  parts: (signal: AbortSignal) => AsyncIterable<string>,
  mediaType: string,
): FastifyReply {
  return sendLines(reply.type(mediaType), parts);
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
  // Cut off, not ended: the client reconnects to another process.
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
