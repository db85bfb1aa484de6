import { mkdirSync, readdirSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../domain/hash.js';

/** Memory that all processes of a host can read as files. */
const SHARED_MEMORY = '/dev/shm';
/** Free bytes below which the scratch folder is used, as for containers with small shared memory. */
const FREE_BYTES_MIN = 48 * 1024 ** 2;
/** Slots of one camera: in a lane, waiting for it, being replaced, and being written. */
const SLOTS = 4;

/**
 * Creates the folder for the pixels of a worker's cameras, and removes those of workers with the
 * same scratch folder that have ended.
 */
export function createPixelsFolder(scratchDir: string): string {
  const parent = hasRoom(SHARED_MEMORY) ? SHARED_MEMORY : scratchDir;
  const prefix = `vidette-${sha256(scratchDir).slice(0, 12)}-`;
  mkdirSync(parent, { recursive: true });
  for (const name of readdirSync(parent)) {
    const owner = name.startsWith(prefix) ? Number(name.slice(prefix.length)) : undefined;
    if (owner !== undefined && !isRunning(owner)) rmSync(join(parent, name), { recursive: true });
  }
  const folder = join(parent, `${prefix}${process.pid}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/** Creates a folder for the slots of one camera process and returns their paths. */
export function createSlots(folder: string): string[] {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return Array.from({ length: SLOTS }, (_, slot) => join(folder, `${slot}.raw`));
}

function hasRoom(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize >= FREE_BYTES_MIN;
  } catch {
    return false;
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
