import { text } from 'node:stream/consumers';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { AppError, messageOf } from '../../../domain/errors.js';

/** Maximum number of files in a zip, and sizes in bytes of the texts that are read from it. */
const ENTRIES_MAX = 500_000;
const TEXT_BYTES_MAX = 64 * 1024 ** 2;
const TEXTS_BYTES_MAX = 512 * 1024 ** 2;

/** A zip with annotations; its images are never unpacked. */
export interface AnnotationZip {
  /** Names of all files. */
  readonly names: readonly string[];
  /** Reads a file as text. @throws AppError `LIMIT_EXCEEDED`, `INVALID_INPUT` if it is damaged. */
  readonly text: (name: string) => Promise<string>;
}

/**
 * Opens a zip while `work` runs.
 * @throws AppError `INVALID_INPUT` for another file, or one with names that lead out of a folder;
 * `LIMIT_EXCEEDED` for too many files.
 */
export async function withAnnotationZip<T>(
  path: string,
  work: (zip: AnnotationZip) => Promise<T>,
): Promise<T> {
  const file = await openPromise(path, { autoClose: false }).catch(notAZip);
  try {
    const entries = await listEntries(file);
    return await work({ names: [...entries.keys()], text: createReader(file, entries) });
  } finally {
    file.close();
  }
}

/** Lists the files; the library refuses absolute names and those with "..". */
async function listEntries(file: ZipFile): Promise<ReadonlyMap<string, Entry>> {
  if (file.entryCount > ENTRIES_MAX) {
    throw new AppError(
      'LIMIT_EXCEEDED',
      `The zip has ${file.entryCount} files; the limit is ${ENTRIES_MAX}. Import it in parts.`,
    );
  }
  const entries = new Map<string, Entry>();
  try {
    for await (const entry of file.eachEntry()) {
      if (!entry.fileName.endsWith('/')) entries.set(entry.fileName, entry);
    }
  } catch (error) {
    notAZip(error);
  }
  return entries;
}

function createReader(file: ZipFile, entries: ReadonlyMap<string, Entry>) {
  let total = 0;
  const counted = new Set<string>();
  return async (name: string): Promise<string> => {
    const entry = entries.get(name)!; // of the listed names
    if (!counted.has(name)) total += entry.uncompressedSize;
    counted.add(name);
    if (entry.uncompressedSize > TEXT_BYTES_MAX || total > TEXTS_BYTES_MAX) {
      throw new AppError(
        'LIMIT_EXCEEDED',
        `The annotations in ${name} are too large: the limit is ${TEXT_BYTES_MAX} bytes per file and ${TEXTS_BYTES_MAX} in all. Import them in parts.`,
      );
    }
    try {
      return await text(await file.openReadStreamPromise(entry));
    } catch (error) {
      throw invalidFile(name, messageOf(error));
    }
  };
}

function notAZip(error: unknown): never {
  throw new AppError(
    'INVALID_INPUT',
    `The file is not a zip that can be read: ${messageOf(error)}. Create it again.`,
    {},
    { cause: error },
  );
}

/** Error for a file in a zip. */
export function invalidFile(name: string, reason: string): AppError {
  return new AppError('INVALID_INPUT', `${name} in the zip is invalid: ${reason}.`);
}
