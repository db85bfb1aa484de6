import { mkdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { AppError, messageOf } from '../../domain/errors.js';

/** Returns the path for the result of a job on this host; null if it is not written. */
export type ResultPathOf = (eventId: string) => string | null;

/**
 * Checks `--out`: a file or folder for one video; for several a folder, which is created if it is
 * missing. A folder gets `{event_id}.json`.
 * @throws AppError `INVALID_INPUT` if nothing can be written there.
 */
export async function resultPlace(out: string | undefined, isList: boolean): Promise<ResultPathOf> {
  if (out === undefined) return () => null;
  const path = resolve(out);
  const isFolder = await isFolderAt(path);
  const inFolder = (eventId: string) => join(path, `${eventId}.json`);
  if (isFolder) return inFolder;
  if (isList) {
    await makeFolder(path, isFolder);
    return inFolder;
  }
  if (isFolder === undefined) await expectFolder(dirname(path));
  return () => path;
}

/** Whether a path is a folder; undefined if it does not exist. */
async function isFolderAt(path: string): Promise<boolean | undefined> {
  return (await stat(path).catch(() => undefined))?.isDirectory();
}

async function makeFolder(path: string, isFolder: false | undefined): Promise<void> {
  if (isFolder === false) {
    throw invalidOut(`${path} is a file. Several results need a folder; give another path.`);
  }
  await mkdir(path, { recursive: true }).catch((cause: unknown) => {
    throw invalidOut(`folder ${path} cannot be created: ${messageOf(cause)}`);
  });
}

async function expectFolder(path: string): Promise<void> {
  if (await isFolderAt(path)) return;
  throw invalidOut(`folder ${path} does not exist. Create it, or give another path.`);
}

function invalidOut(reason: string): AppError {
  return new AppError('INVALID_INPUT', `Invalid --out: ${reason}`);
}
