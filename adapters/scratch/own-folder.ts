import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../domain/errors.js';
import { tryLock } from '../../platform/file-lock.js';

/** A folder that other processes leave alone while this process runs. */
export interface OwnFolder {
  readonly path: string;
  /** Removes the folder with its content. */
  close(): Promise<void>;
}

/** Age of the last renewal after which a lock belongs to a process that has exited. */
export const STALE_MS = 15_000;
const LOCK = /\.lock$/;

/** Creates a folder in `parent` that is locked while this process runs. */
export async function openOwnFolder(parent: string): Promise<OwnFolder> {
  await mkdir(parent, { recursive: true, mode: 0o700 });
  const path = join(parent, randomUUID());
  // Locked before it exists: a sweep removes folders without a lock.
  const release = await tryLock(path, STALE_MS);
  if (!release) throw new AppError('SETUP_FAILED', `${path} is locked by another process.`);
  await mkdir(path, { mode: 0o700 });
  return {
    path,
    close: async () => {
      await rm(path, { recursive: true, force: true });
      await release();
    },
  };
}

/** Removes folders in `parent` whose process exited at least {@link STALE_MS} ago. */
export async function sweepFolders(parent: string): Promise<void> {
  const names = new Set((await readdir(parent)).map((name) => name.replace(LOCK, '')));
  for (const name of names) {
    const path = join(parent, name);
    const release = await tryLock(path, STALE_MS);
    if (!release) continue;
    await rm(path, { recursive: true, force: true });
    await release();
  }
}
