import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ByteSpan, ObjectStat, ObjectStore } from '../../domain/ports/object-store.js';
import { byteSpanOf } from './byte-range.js';
import { ProblemError } from './problem.js';

/** Object of the store with the media type that it is sent as. */
export interface SentObject {
  readonly bucket: string;
  readonly key: string;
  readonly found: ObjectStat;
  readonly contentType: string;
  /** Whether the bytes at this URL never change; default: false. */
  readonly isImmutable?: boolean;
}

/**
 * Streams an object from the store, whole or the requested range; responds 304 if the caller has it.
 * Reads nothing for a HEAD request.
 * @throws ProblemError `range-not-satisfiable`.
 */
export async function sendObject(
  request: FastifyRequest,
  reply: FastifyReply,
  objects: ObjectStore,
  { bucket, key, found, contentType, isImmutable = false }: SentObject,
): Promise<FastifyReply> {
  const etag = `"${found.etag}"`;
  const caching = isImmutable ? 'private, max-age=31536000, immutable' : 'private, no-cache';
  void reply.headers({ etag, 'accept-ranges': 'bytes', 'cache-control': caching });
  if (matchesEtag(request.headers['if-none-match'], etag)) return reply.code(304).send(emptyBody());
  const span = spanOf(request, reply, found.size, etag);
  void reply.type(contentType).header('content-length', span?.length ?? found.size);
  if (span) void reply.code(206).header('content-range', contentRange(span, found.size));
  if (request.method === 'HEAD') return reply.send(emptyBody());
  return reply.send(await objects.getStream(bucket, key, { span }));
}

/** Empty body; with null, the server would drop the content length of a HEAD response. */
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
  // The range is of another version of the file.
  if (condition !== undefined && condition !== etag) return undefined;
  const span = byteSpanOf(headers.range, size);
  if (span !== null) return span;
  void reply.header('content-range', `bytes */${size}`);
  throw new ProblemError(
    'range-not-satisfiable',
    `The range ${headers.range} is outside the file, which has ${size} bytes.`,
  );
}

function contentRange({ offset, length }: ByteSpan, size: number): string {
  return `bytes ${offset}-${offset + length - 1}/${size}`;
}
