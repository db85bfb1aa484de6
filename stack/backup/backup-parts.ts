import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissingFile } from '../../platform/is-missing-file.js';

/**
 * Files and folders of a data folder that a backup contains. Logs, scratch, downloads and ports belong
 * to the machine.
 */
export const PARTS = [
  ...['temporal', 'objects', 'object-metadata', 'documents', 'models', 'camera-files'],
  ...['credentials.json', 'webhook-secret'],
] as const;

/** Size of headers and padding of a file in an archive in bytes, at most. */
const ENTRY_BYTES = 3072;

/** Returns the parts that a data folder has; empty folders are left out. */
export async function findParts(dataDir: string): Promise<readonly string[]> {
  const found = await Promise.all(
    PARTS.map(async (part) => ((await isEmpty(join(dataDir, part))) ? [] : [part])),
  );
  return found.flat();
}

/** Whether a path is missing or an empty folder. */
export async function isEmpty(path: string): Promise<boolean> {
  try {
    const status = await lstat(path);
    return status.isDirectory() && (await readdir(path)).length === 0;
  } catch (error) {
    if (isMissingFile(error)) return true;
    throw error;
  }
}

/** Returns the size of an archive of files and folders in bytes, at most; files may vanish meanwhile. */
export async function measure(path: string): Promise<number> {
  try {
    const status = await lstat(path);
    if (!status.isDirectory()) return status.size + ENTRY_BYTES;
    let bytes = ENTRY_BYTES;
    for (const name of await readdir(path)) bytes += await measure(join(path, name));
    return bytes;
  } catch (error) {
    if (isMissingFile(error)) return 0;
    throw error;
  }
}
