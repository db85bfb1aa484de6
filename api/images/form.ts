import { join } from 'node:path';
import type { Multipart, MultipartFile } from '@fastify/multipart';
import prettyBytes from 'pretty-bytes';
import { z } from 'zod';
import { ProblemError } from '../http/problem.js';
import { type ImageFile, isImage, saveImage } from './sources.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** {@link FormRules.keepsInvalidImages} of the route. */
    readonly keepsInvalidImages?: boolean;
  }
}

/** Maximum number of images in a request. */
export const FILES_MAX = 32;

/** Limits of a form. */
export interface FormRules {
  /** Maximum size of an image in bytes. */
  readonly maxImageBytes: number;
  /** Whether an invalid image yields its own error instead of failing the request. */
  readonly keepsInvalidImages: boolean;
}

/** File of a form that is not an image or too large, with its error. */
export interface RefusedFile {
  readonly refused: ProblemError;
}

/** Files that were read from forms; no other value of a body is accepted as one. */
const uploads = new WeakSet();
const refusals = new WeakSet();

const isOneOf = (known: WeakSet<object>, value: unknown) =>
  typeof value === 'object' && value !== null && known.has(value);
const EXPECTED = 'expected one image in the field "file" of a form (multipart/form-data)';
const FILE_META = {
  type: 'string',
  format: 'binary',
  description: 'A JPEG, PNG or WebP.',
} as const;

/** Image in a field of a form. */
export const uploadSchema = z
  .custom<ImageFile>((value) => isOneOf(uploads, value), EXPECTED)
  .meta(FILE_META);

const anyUploadSchema = z
  .custom<ImageFile | RefusedFile>(
    (value) => isOneOf(uploads, value) || isOneOf(refusals, value),
    EXPECTED,
  )
  .meta(FILE_META);

/** One or more files, including invalid images. */
export const uploadsSchema = z
  .union([
    anyUploadSchema.transform((upload) => [upload]),
    z.array(anyUploadSchema).min(1).max(FILES_MAX),
  ])
  .describe(`Up to ${FILES_MAX} images, each a JPEG, PNG or WebP.`);

const FILE_FIELD = 'file';
/** Maximum length of a file name in messages. */
const NAME_LENGTH = 80;

/**
 * Reads a form: fields as text, images into files of the folder, several values of a field as a list.
 * @throws ProblemError `bad-image` or `too-large` with the name of the file, unless the rules keep
 * invalid images; a file above the parser's own limit always ends the form.
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

/** Whether the form parser stopped at a file above its limit. */
function isFileTooLarge(error: unknown): error is { readonly part: MultipartFile } {
  return error instanceof Error && 'code' in error && error.code === 'FST_REQ_FILE_TOO_LARGE';
}

const fileDisplayName = ({ filename }: MultipartFile) =>
  `The image ${JSON.stringify(filename.slice(0, NAME_LENGTH))}`;

function tooLarge(displayName: string, { maxImageBytes }: FormRules): ProblemError {
  const limit = prettyBytes(maxImageBytes, { binary: true });
  return new ProblemError(
    'too-large',
    `${displayName} is larger than ${limit}, the limit for an image.`,
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
      `Expected images in the field "${FILE_FIELD}", received one in ${JSON.stringify(fieldname.slice(0, NAME_LENGTH))}`,
    );
  }
  const saved = await saveImage(file, path);
  if (file.truncated) return refuse(tooLarge(displayName, rules), rules);
  if (!isImage(saved)) return refuse(unsupportedImage(displayName), rules);
  const image: ImageFile = { path, ...saved, displayName, isFrame: false };
  uploads.add(image);
  return image;
}

function unsupportedImage(displayName: string): ProblemError {
  return new ProblemError(
    'bad-image',
    `${displayName} is not a supported image (JPEG, PNG or WebP; detected from the content).`,
  );
}

function refuse(refused: ProblemError, { keepsInvalidImages }: FormRules): RefusedFile {
  if (!keepsInvalidImages) throw refused;
  const kept: RefusedFile = { refused };
  refusals.add(kept);
  return kept;
}
