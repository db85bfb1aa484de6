import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { createProblem, type ProblemKind } from './problem.js';

/** Answers with a problem what is no request that could be answered otherwise, and hangs up. */
export function writeProblem(socket: Socket, kind: ProblemKind, detail: string): void {
  if (!socket.writable) return socket.destroySoon();
  const problem = createProblem(kind, detail, randomUUID());
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    'connection: close',
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${problem.request_id}`,
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket.destroySoon();
}

/** Answers what Node's parser of HTTP could not make a request of. */
export function onClientError({ code }: Error & { readonly code?: string }, socket: Socket): void {
  if (code === 'ECONNRESET' || socket.destroyed) return;
  if (code === 'HPE_HEADER_OVERFLOW') {
    return writeProblem(socket, 'headers-too-large', 'Address and headers have more than 16 KiB.');
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return writeProblem(socket, 'request-timeout', 'The headers did not come in time.');
  }
  writeProblem(socket, 'invalid-request', 'This is no request of HTTP/1.1.');
}
