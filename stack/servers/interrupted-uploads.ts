import { readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissingFile } from '../../platform/is-missing-file.js';

/** Folder in a bucket, below which versitygw keeps a folder for each upload: `{hash of the key}/{id}`. */
const UPLOADS = '.sgwtmp/multipart';
/** Name of an upload that versitygw was joining: `{id}.{etag}.inprogress`. */
const JOINING = /^([^.]+)\..+\.inprogress$/;

/**
 * Restores the uploads that versitygw was joining when it was killed, so that they can be completed.
 * Otherwise it would report their completion as successful without an object. No process may be using
 * the folder.
 * @param root folder of the buckets, or of their metadata; may be missing
 */
export async function restoreInterruptedUploads(root: string): Promise<void> {
  for (const bucket of await foldersIn(root)) {
    const uploads = join(root, bucket, UPLOADS);
    for (const key of await foldersIn(uploads)) await restoreKey(join(uploads, key));
  }
}

async function restoreKey(folder: string): Promise<void> {
  for (const name of await foldersIn(folder)) {
    const id = JOINING.exec(name)?.[1];
    if (id !== undefined) await rename(join(folder, name), join(folder, id));
  }
}

async function foldersIn(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch (error) {
    if (isMissingFile(error)) return [];
    throw error;
  }
}
