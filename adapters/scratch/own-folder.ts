import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { lock } from 'proper-lockfile';

/** A folder that nobody else touches while this process lives. */
export interface OwnFolder {
  readonly path: string;
  /** Removes it with all that is in it. */
  close(): Promise<void>;
}

type Release = () => Promise<void>;

/** A lock that was not renewed for so many milliseconds is that of a process that is gone. */
export const STALE_MS = 15_000;
const LOCK = /\.lock$/;

/**
 * Makes a folder in `parent` that is locked while this process lives: a lock holds between
 * containers too, where process ids say nothing.
 */
export async function openOwnFolder(parent: string): Promise<OwnFolder> {
  await mkdir(parent, { recursive: true, mode: 0o700 });
  const path = join(parent, randomUUID());
  // Before the folder is there: one without a lock is left over.
  const release = await hold(path);
  await mkdir(path, { mode: 0o700 });
  return {
    path,
    close: async () => {
      await rm(path, { recursive: true, force: true });
      // A lock that was taken over while this process was stopped is not ours to release.
      await release().catch(() => undefined);
    },
  };
}

/** Removes what is in `parent` of processes that are gone for {@link STALE_MS} or more. */
export async function sweepFolders(parent: string): Promise<void> {
  const names = new Set((await readdir(parent)).map((name) => name.replace(LOCK, '')));
  for (const name of names) {
    const path = join(parent, name);
    const release = await tryHold(path);
    if (!release) continue;
    await rm(path, { recursive: true, force: true });
    await release();
  }
}

async function tryHold(path: string): Promise<Release | undefined> {
  try {
    return await hold(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ELOCKED') return undefined;
    throw error;
  }
}

function hold(path: string): Promise<Release> {
  return lock(path, { realpath: false, stale: STALE_MS, onCompromised: () => undefined });
}
