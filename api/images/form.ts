import { join } from 'node:path';
import type { Multipart, MultipartFile } from '@fastify/multipart';
import prettyBytes from 'pretty-bytes';
import { z } from 'zod';
import { ProblemError } from '../http/problem.js';
import { type ImageFile, saveImage } from './sources.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** As in {@link FormRules}, of the route's form. */
    readonly keepsInvalidImages?: boolean;
  }
}

/** Pictures of one request. */
export const FILES_MAX = 32;

/** What a form may hold. */
export interface FormRules {
  /** Bytes of a picture at most. */
  readonly maxImageBytes: number;
  /** Whether a bad file is one among others, and no reason to refuse all. */
  readonly keepsInvalidImages: boolean;
}

/** A file of a form that is no picture, or too large, for a route that says so of each. */
export interface RefusedFile {
  readonly refused: ProblemError;
}

/** Files of forms that were read here: nothing else in a body passes for one. */
const uploads = new WeakSet();
const refusals = new WeakSet();

const isOneOf = (known: WeakSet<object>, value: unknown) =>
  typeof value === 'object' && value !== null && known.has(value);
const EXPECTED = 'expected one picture as a file of a form (multipart/form-data), field "file"';
const FILE_META = {
  type: 'string',
  format: 'binary',
  description: 'A JPEG, PNG or WebP.',
} as const;

/** A picture that came as a file of a form. */
export const uploadSchema = z
  .custom<ImageFile>((value) => isOneOf(uploads, value), EXPECTED)
  .meta(FILE_META);

const anyUploadSchema = z
  .custom<ImageFile | RefusedFile>(
    (value) => isOneOf(uploads, value) || isOneOf(refusals, value),
    EXPECTED,
  )
  .meta(FILE_META);

/** One or several, also such as are no pictures. */
export const uploadsSchema = z.union([
  anyUploadSchema.transform((upload) => [upload]),
  z.array(anyUploadSchema).min(1).max(FILES_MAX),
]);

const FILE_FIELD = 'file';
/** As much of a name as a message shows. */
const NAME_LENGTH = 80;

/**
 * Reads a form: its fields as texts, its pictures into files of the folder; several under one name
 * as a list. @throws ProblemError `bad-picture` or `too-large` that names the file, where such are
 * not kept; a file that is too large ends the stream of parts unless that has no limit of its own.
 */
export async function readForm(
  parts: AsyncIterable<Multipart>,
  folder: string,
  rules: FormRules,
): Promise<Record<string, unknown>> {
  const form = new Map<string, unknown[]>();
  let count = 0;
  try {
    for await (const part of parts) {
      const value =
        part.type === 'file' ? await readFile(part, join(folder, `${count++}`), rules) : part.value;
      form.set(part.fieldname, [...(form.get(part.fieldname) ?? []), value]);
    }
  } catch (error) {
    throw isFileTooLarge(error) ? tooLarge(fileDisplayName(error.part), rules) : error;
  }
  return Object.fromEntries(
    [...form].map(([name, values]) => [name, values.length === 1 ? values[0] : values]),
  );
}

/** How the parser of forms ends at a file that is too large. */
function isFileTooLarge(error: unknown): error is { readonly part: MultipartFile } {
  return error instanceof Error && 'code' in error && error.code === 'FST_REQ_FILE_TOO_LARGE';
}

const fileDisplayName = ({ filename }: MultipartFile) =>
  `The picture ${JSON.stringify(filename.slice(0, NAME_LENGTH))}`;

function tooLarge(displayName: string, { maxImageBytes }: FormRules): ProblemError {
  const limit = prettyBytes(maxImageBytes, { binary: true });
  return new ProblemError(
    'too-large',
    `${displayName} has more than the ${limit} that one may have.`,
  );
}

async function readFile(
  part: MultipartFile,
  path: string,
  rules: FormRules,
): Promise<ImageFile | RefusedFile> {
  const { fieldname, file } = part;
  const displayName = fileDisplayName(part);
  if (fieldname !== FILE_FIELD) {
    file.resume();
    throw new ProblemError(
      'invalid-request',
      `Expected pictures in the field "${FILE_FIELD}", received one in ${JSON.stringify(fieldname.slice(0, NAME_LENGTH))}`,
    );
  }
  const { md5, isImage } = await saveImage(file, path);
  if (file.truncated) return refuse(tooLarge(displayName, rules), rules);
  if (!isImage) return refuse(unsupportedImage(displayName), rules);
  const image: ImageFile = { path, md5, displayName, isFrame: false };
  uploads.add(image);
  return image;
}

function unsupportedImage(displayName: string): ProblemError {
  return new ProblemError(
    'bad-picture',
    `${displayName} is no picture that is taken: expected a JPEG, PNG or WebP (its content counts, not its name).`,
  );
}

function refuse(refused: ProblemError, { keepsInvalidImages }: FormRules): RefusedFile {
  if (!keepsInvalidImages) throw refused;
  const kept: RefusedFile = { refused };
  refusals.add(kept);
  return kept;
}
