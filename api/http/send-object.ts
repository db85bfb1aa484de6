import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ByteSpan, ObjectStat, ObjectStore } from '../../domain/ports/object-store.js';
import { byteSpanOf } from './byte-range.js';
import { ProblemError } from './problem.js';

/** An object of the store, and as what it is told. */
export interface SentObject {
  readonly bucket: string;
  readonly key: string;
  readonly found: ObjectStat;
  readonly contentType: string;
}

/**
 * Streams an object from the store: whole, or the range that is asked for; 304 for one that the
 * caller has. Nothing is read for a HEAD.
 * @throws ProblemError `range-not-satisfiable`.
 */
export async function sendObject(
  request: FastifyRequest,
  reply: FastifyReply,
  objects: ObjectStore,
  { bucket, key, found, contentType }: SentObject,
): Promise<FastifyReply> {
  const etag = `"${found.etag}"`;
  void reply.headers({ etag, 'accept-ranges': 'bytes', 'cache-control': 'private, no-cache' });
  if (matchesEtag(request.headers['if-none-match'], etag)) return reply.code(304).send(emptyBody());
  const span = spanOf(request, reply, found.size, etag);
  void reply.type(contentType).header('content-length', span?.length ?? found.size);
  if (span) void reply.code(206).header('content-range', contentRange(span, found.size));
  if (request.method === 'HEAD') return reply.send(emptyBody());
  return reply.send(await objects.getStream(bucket, key, { span }));
}

/** No bytes: for a HEAD, a body of null is none that the server can leave out. */
function emptyBody(): Readable {
  return Readable.from([]);
}

function matchesEtag(header: string | undefined, etag: string): boolean {
  const tags = header?.split(',').map((tag) => tag.trim().replace(/^W\//, '')) ?? [];
  return tags.includes(etag) || tags.includes('*');
}

function spanOf(
  { headers }: FastifyRequest,
  reply: FastifyReply,
  size: number,
  etag: string,
): ByteSpan | undefined {
  const condition = headers['if-range'];
  // A range of another version of the file is of no use.
  if (condition !== undefined && condition !== etag) return undefined;
  const span = byteSpanOf(headers.range, size);
  if (span !== null) return span;
  void reply.header('content-range', `bytes */${size}`);
  throw new ProblemError(
    'range-not-satisfiable',
    `The file has ${size} bytes; ${headers.range} is outside of it.`,
  );
}

function contentRange({ offset, length }: ByteSpan, size: number): string {
  return `bytes ${offset}-${offset + length - 1}/${size}`;
}
