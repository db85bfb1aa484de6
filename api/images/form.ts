import { join } from 'node:path';
import type { Multipart, MultipartFile } from '@fastify/multipart';
import { z } from 'zod';
import { ProblemError } from '../problem.js';
import { type PictureFile, savePicture } from './sources.js';

/** Files of forms that were read here: nothing else in a body passes for one. */
const uploads = new WeakSet();

/** A picture that came as a file of a form. */
export const uploadSchema = z
  .custom<PictureFile>(
    (value) => typeof value === 'object' && value !== null && uploads.has(value),
    'expected one picture as a file of a form (multipart/form-data), field "file"',
  )
  .meta({ type: 'string', format: 'binary', description: 'A JPEG, PNG or WebP.' });

/** One or several of them. */
export const uploadsSchema = z.union([
  uploadSchema.transform((upload) => [upload]),
  z.array(uploadSchema).min(1),
]);

const FILE_FIELD = 'file';
/** As much of a name as a message shows. */
const NAME_LENGTH = 80;

/**
 * Reads a form: its fields as texts, its pictures into files of the folder; several under one name
 * as a list. @throws ProblemError `bad-picture` that names the file.
 */
export async function readForm(
  parts: AsyncIterable<Multipart>,
  folder: string,
): Promise<Record<string, unknown>> {
  const form = new Map<string, unknown[]>();
  let count = 0;
  for await (const part of parts) {
    const value =
      part.type === 'file' ? await readFile(part, join(folder, `${count++}`)) : part.value;
    form.set(part.fieldname, [...(form.get(part.fieldname) ?? []), value]);
  }
  return Object.fromEntries(
    [...form].map(([name, values]) => [name, values.length === 1 ? values[0] : values]),
  );
}

async function readFile(
  { fieldname, filename, file }: MultipartFile,
  path: string,
): Promise<PictureFile> {
  const called = `The picture ${JSON.stringify(filename.slice(0, NAME_LENGTH))}`;
  if (fieldname !== FILE_FIELD) {
    file.resume();
    throw new ProblemError(
      'invalid-request',
      `Expected pictures in the field "${FILE_FIELD}", received one in ${JSON.stringify(fieldname.slice(0, NAME_LENGTH))}`,
    );
  }
  const { md5, isPicture } = await savePicture(file, path);
  if (!isPicture) {
    throw new ProblemError(
      'bad-picture',
      `${called} is no picture that is taken: expected a JPEG, PNG or WebP (its content counts, not its name).`,
    );
  }
  const picture: PictureFile = { path, md5, called, isFrame: false };
  uploads.add(picture);
  return picture;
}
