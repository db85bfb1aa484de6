import type { Readable } from 'node:stream';
import type { Multipart } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { ProblemError } from '../http/problem.js';
import { tooLarge } from './store-upload.js';

export type Fields = Readonly<Record<string, string>>;

/** Content of a multipart request: its stored file and its other fields. */
export interface Received<T> {
  readonly file: T;
  readonly fields: Fields;
}

/**
 * Streams the field `file` of a multipart request to `store`, together with the fields before it.
 */
export async function receive<T>(
  request: FastifyRequest,
  maxBytes: number,
  store: (name: string, data: Readable, before: Fields) => Promise<T>,
): Promise<Received<T>> {
  // Multipart has some overhead; a file that cannot fit is rejected unread.
  if (Number(request.headers['content-length'] ?? 0) > maxBytes + OVERHEAD_BYTES) {
    throw tooLarge(maxBytes);
  }
  const fields: Record<string, string> = {};
  let file: { readonly stored: T } | undefined;
  for await (const part of request.parts({ limits: { ...LIMITS, fileSize: Infinity } })) {
    if (part.type === 'field') fields[part.fieldname] = expectText(part);
    else if (part.fieldname === 'file' && !file) {
      destroyOnClose(request, part.file);
      file = { stored: await store(part.filename || 'video', part.file, { ...fields }) };
    } else throw invalidForm(`one file, in the field "file"; received one in "${part.fieldname}"`);
  }
  if (!file) throw invalidForm('a file in the field "file" of multipart/form-data');
  return { file: file.stored, fields };
}

const OVERHEAD_BYTES = 1024 ** 2;
const LIMITS = { files: 1, fields: 10, parts: 11, fieldSize: OVERHEAD_BYTES };

/** Fails the data if the client disconnects before its end. */
function destroyOnClose({ raw }: FastifyRequest, data: Readable): void {
  raw.once('close', () => {
    if (!raw.complete) data.destroy(new Error('the request was aborted'));
  });
}

function expectText(part: Extract<Multipart, { type: 'field' }>): string {
  if (typeof part.value === 'string') return part.value;
  throw invalidForm(`text in the field "${part.fieldname}"`);
}

function invalidForm(expected: string): ProblemError {
  return new ProblemError('invalid-request', `Expected ${expected}.`);
}
