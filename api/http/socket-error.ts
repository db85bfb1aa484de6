import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { createProblem, type ProblemKind } from './problem.js';

/** Replies with a problem to a malformed request and closes the socket. */
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

/** Replies to data that Node's HTTP parser rejects. */
export function onClientError({ code }: Error & { readonly code?: string }, socket: Socket): void {
  if (code === 'ECONNRESET' || socket.destroyed) return;
  if (code === 'HPE_HEADER_OVERFLOW') {
    return writeProblem(
      socket,
      'headers-too-large',
      'URL and headers are larger than 16 KiB. Send fewer or shorter headers.',
    );
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return writeProblem(socket, 'request-timeout', 'The headers did not arrive in time.');
  }
  writeProblem(socket, 'invalid-request', 'The data is not a valid HTTP/1.1 request.');
}
