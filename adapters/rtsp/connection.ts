import type { Socket } from 'node:net';
import type { AppError } from '../../domain/errors.js';
import { DeadlineError, withDeadline } from '../deadline.js';
import { formatRequest, headerOf, type Message } from './message.js';
import { createMessageReader } from './message-reader.js';
import { asStreamError, ProtocolError, streamError } from './stream-error.js';

export type RequestHeaders = Readonly<Record<string, string>>;

/** Sends requests over one socket, and hands out the interleaved packets. */
export interface Connection {
  /** @throws AppError `STREAM_*` if the connection ends or no response arrives in time. */
  readonly request: (method: string, url: string, headers?: RequestHeaders) => Promise<Message>;
  /** Resolves with the reason when the connection ends; with undefined after `close`. */
  readonly ended: Promise<AppError | undefined>;
  /** Ends the connection because of an error. */
  readonly fail: (error: unknown) => void;
  readonly close: () => void;
}

export interface ConnectionOptions {
  /** URL without secrets, for messages. */
  readonly shown: string;
  /** An interleaved packet; `payload` is valid during the call only. */
  readonly onData: (channel: number, payload: Buffer) => void;
  readonly requestTimeoutMs: number;
}

/** Limit of requests that the server has not read. */
const UNSENT_MAX_BYTES = 64 * 1024;
const REDIRECT_ADVICE = 'Give the URL that the camera redirects to, if it is yours.';

export function createConnection(socket: Socket, options: ConnectionOptions): Connection {
  const { shown, onData, requestTimeoutMs } = options;
  const pending = new Map<number, Deferred<Message>>();
  const { promise: ended, resolve: resolveEnd } = defer<AppError | undefined>();
  let lastId = 0;
  const end = (error: AppError | undefined) => {
    resolveEnd(error);
    socket.destroy();
    for (const { reject } of pending.values()) reject(error ?? closed(shown));
  };
  const fail = (error: unknown) => end(asStreamError(error, shown));
  const onMessage = (message: Message) => {
    // Other requests of a server are not answered, so that it cannot make this side send.
    if (message.method === 'REDIRECT') fail(redirected(shown));
    if (message.status !== undefined) pending.get(answeredId(message, pending))?.resolve(message);
  };
  receive(socket, createMessageReader({ onMessage, onData }), fail);
  socket.on('error', (error) => fail(closed(shown, error)));
  socket.on('close', () => fail(closed(shown)));
  return {
    ended,
    fail,
    close: () => end(undefined),
    request: async (method, url, headers = {}) => {
      if (socket.writableLength > UNSENT_MAX_BYTES) fail(new ProtocolError('reads no requests'));
      if (socket.destroyed) throw closed(shown);
      const id = ++lastId;
      const response = defer<Message>();
      pending.set(id, response);
      const late = `${shown} did not answer ${method} within ${requestTimeoutMs} ms`;
      socket.write(formatRequest(method, url, { CSeq: String(id), ...headers }));
      try {
        return await withDeadline(response.promise, requestTimeoutMs, late);
      } catch (error) {
        throw error instanceof DeadlineError ? unanswered(error) : error;
      } finally {
        pending.delete(id);
      }
    },
  };
}

function receive(
  socket: Socket,
  read: (chunk: Buffer) => void,
  onError: (error: unknown) => void,
): void {
  socket.on('data', (chunk) => {
    try {
      read(chunk);
    } catch (error) {
      onError(error);
    }
  });
}

/** The request that a response answers; some servers leave out `CSeq`. */
function answeredId(message: Message, pending: ReadonlyMap<number, unknown>): number {
  const [oldest = 0] = pending.keys();
  return Number(headerOf(message, 'cseq') ?? oldest);
}

/** The error for a server that sends elsewhere, by a status or by a request. */
export function redirected(shown: string): AppError {
  const what = `${shown} redirects to another URL, which is not followed`;
  return streamError('STREAM_REDIRECTED', what, REDIRECT_ADVICE);
}

function closed(shown: string, error?: Error): AppError {
  const code = error && 'code' in error ? ` (${String(error.code)})` : '';
  const advice = 'Check that the camera is running and does not have too many viewers.';
  const what = `${shown} closed the connection${code}`;
  return streamError('STREAM_CONNECTION_FAILED', what, advice, error);
}

function unanswered({ message }: DeadlineError): AppError {
  return streamError('STREAM_TIMEOUT', message, 'Check that the camera is not overloaded.');
}

interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: Error) => void;
}

function defer<T>(): Deferred<T> {
  let settle!: Omit<Deferred<T>, 'promise'>; // assigned at once by the constructor of the promise
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { promise, ...settle };
}
