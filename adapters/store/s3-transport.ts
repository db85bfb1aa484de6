import http, { type ClientRequest, type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { ClientOptions } from 'minio';

type Transport = NonNullable<ClientOptions['transport']>;
type OnResponse = (response: IncomingMessage) => void;

export interface TransportOptions {
  readonly useSSL: boolean;
  /** Time without a byte in either direction after which a request fails, in milliseconds. */
  readonly idleTimeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface S3Transport {
  readonly transport: Transport;
  /** HTTP status of the last response. */
  readonly lastStatus: () => number | undefined;
  /** Rejects further requests; resolves when the store has answered or lost those in flight. */
  readonly close: () => Promise<void>;
}

/** A store that assembles a large object may stay silent for longer than one that reads. */
const WRITE_TIMEOUT_FACTOR = 6;
const READS = new Set(['GET', 'HEAD', 'DELETE']);

/**
 * Sends the requests of one operation. A request ends when the signal aborts, and fails with
 * `ETIMEDOUT` when it is idle for `idleTimeoutMs`, or six times as long if it writes. A response
 * whose reader pauses does not time out.
 */
export function createS3Transport({
  useSSL,
  idleTimeoutMs,
  signal,
}: TransportOptions): S3Transport {
  const { request } = useSSL ? https : http;
  let status: number | undefined;
  let isClosed = false;
  const inFlight = new Set<Promise<void>>();
  const send = (options: https.RequestOptions, onResponse?: OnResponse): ClientRequest => {
    const timeout = idleTimeoutMs && idleTimeoutMs * timeoutFactor(options.method);
    const sent = request(
      { ...options, ...(timeout && { timeout }), ...(signal && { signal }) },
      onResponse,
    );
    sent.once('response', ({ statusCode }: IncomingMessage) => (status = statusCode));
    if (timeout) limitIdleTime(sent, timeout);
    if (isClosed) sent.destroy(new Error('The operation has ended'));
    const answered = untilAnswered(sent).then(() => void inFlight.delete(answered));
    inFlight.add(answered);
    return sent;
  };
  // The minio package calls `request` in this one form.
  return {
    transport: { request: send as Transport['request'] },
    lastStatus: () => status,
    close: async () => {
      isClosed = true;
      await Promise.all(inFlight);
    },
  };
}

function untilAnswered(sent: ClientRequest): Promise<void> {
  return new Promise((resolve) => {
    sent.once('response', () => resolve());
    sent.once('close', () => resolve());
  });
}

function timeoutFactor(method = 'GET'): number {
  return READS.has(method) ? 1 : WRITE_TIMEOUT_FACTOR;
}

/** The event `timeout` repeats: a reader that paused may resume. */
function limitIdleTime(sent: ClientRequest, limitMs: number): void {
  let response: IncomingMessage | undefined;
  sent.once('response', (received: IncomingMessage) => (response = received));
  sent.on('timeout', () => {
    const isReaderPaused = response !== undefined && response.readableLength > 0;
    if (!isReaderPaused) (response ?? sent).destroy(timedOut(limitMs));
  });
}

function timedOut(limitMs: number): Error {
  const message = `No data was sent or received for ${limitMs} ms`;
  return Object.assign(new Error(message), { code: 'ETIMEDOUT' });
}
