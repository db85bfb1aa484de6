import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../domain/errors.js';
import { type Release, tryLock } from '../../platform/file-lock.js';

/** A folder that other processes leave alone while this process runs. */
export interface OwnFolder {
  readonly path: string;
  /** Removes the folder with its content. */
  close(): Promise<void>;
}

/** Age of the last renewal after which a lock belongs to a process that has exited. */
export const STALE_MS = 15_000;
const LOCK = /\.lock$/;

/** Interval between attempts to get a lost lock back. */
const RETRY_MS = 1000;

/**
 * Creates a folder in `parent` that is locked while this process runs. A lost lock is acquired again,
 * and the folder is created again if another process has removed it.
 * @param staleMs age of the last renewal after which a lock counts as left behind.
 */
export async function openOwnFolder(parent: string, staleMs = STALE_MS): Promise<OwnFolder> {
  await mkdir(parent, { recursive: true, mode: 0o700 });
  const path = join(parent, randomUUID());
  const closing = new AbortController();
  let release: Release | undefined;
  const hold = async () => {
    // Locked before it exists: a sweep removes folders without a lock.
    release = await tryLock(path, staleMs, () => void holdAgain());
    if (release) await mkdir(path, { recursive: true, mode: 0o700 });
    return release !== undefined;
  };
  const holdAgain = async () => {
    while (!closing.signal.aborted && !(await hold().catch(() => false))) await sleep(RETRY_MS);
  };
  if (!(await hold())) {
    throw new AppError('SETUP_FAILED', `${path} is locked by another process.`);
  }
  return {
    path,
    close: async () => {
      closing.abort();
      await rm(path, { recursive: true, force: true });
      await release?.();
    },
  };
}

/** Removes folders in `parent`, except `opened`, whose process exited at least {@link STALE_MS} ago. */
export async function sweepFolders(parent: string, opened: string): Promise<void> {
  const names = new Set((await readdir(parent)).map((name) => name.replace(LOCK, '')));
  for (const name of names) {
    const path = join(parent, name);
    const release = path === opened ? undefined : await tryLock(path, STALE_MS);
    if (!release) continue;
    await rm(path, { recursive: true, force: true });
    await release();
  }
}
