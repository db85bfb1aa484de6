import { createHash } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, log } from './project.mjs';

const POLL_MS = 200;
const STALE_MS = 30 * 60_000;

// Outside the project, because `npm ci` empties node_modules.
const id = createHash('sha256').update(root).digest('hex').slice(0, 16);
// The id of the user, who may have no name in a container.
const user = process.getuid?.() ?? 'user';
const path = join(tmpdir(), `vidette-set-up-${user}-${id}.lock`);

/** Runs `work` under a lock of this project, and takes the lock over from a process that exited. */
export function withSetUpLock(work) {
  for (let isLogged = false; !acquire(); isLogged = true) {
    if (!isLogged) log('waiting for another set-up of this project (up to a few minutes)');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, POLL_MS);
  }
  try {
    return work();
  } finally {
    rmSync(path, { force: true });
  }
}

function acquire() {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    removeIfStale();
    return false;
  }
}

function removeIfStale() {
  const holder = readHolder(path);
  if (holder === undefined || isHeld(holder)) return;
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
    // Another process may have taken over in between: restore its lock.
    if (readHolder(aside)?.pid !== holder.pid) linkSync(aside, path);
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function readHolder(file) {
  try {
    return { pid: Number(readFileSync(file, 'utf8')), since: statSync(file).mtimeMs };
  } catch {
    return undefined;
  }
}

function isHeld({ pid, since }) {
  const ageMs = Date.now() - since;
  // A new lock file may not contain its process id yet.
  if (!(pid > 0)) return ageMs < 5000;
  if (ageMs > STALE_MS) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
