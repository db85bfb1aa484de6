import { mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openOwnFolder, STALE_MS, sweepFolders } from './own-folder.js';

let parent: string;
beforeEach(async () => {
  parent = join(await mkdtemp(join(tmpdir(), 'vidette-own-')), 'api');
});
afterEach(() => rm(join(parent, '..'), { recursive: true, force: true }));

/** What a killed process leaves: its folder, and its lock as it was so many milliseconds ago. */
async function leave(name: string, agoMs: number): Promise<void> {
  await mkdir(join(parent, name), { recursive: true });
  await writeFile(join(parent, name, 'image'), 'x');
  await mkdir(join(parent, `${name}.lock`));
  const then = new Date(Date.now() - agoMs);
  await utimes(join(parent, `${name}.lock`), then, then);
}

it('removes folders of processes that have exited, and its own on close', async () => {
  const opened = await openOwnFolder(parent);
  await writeFile(join(opened.path, 'image'), 'x');
  await leave('killed', STALE_MS + 1000);
  await mkdir(join(parent, 'without-a-lock'));
  await sweepFolders(parent, opened.path);
  expect((await stat(join(opened.path, 'image'))).size).toBe(1);
  expect(await readdir(parent)).toHaveLength(2);
  await opened.close();
  expect(await readdir(parent)).toEqual([]);
});

it('keeps what another process holds', async () => {
  const opened = await openOwnFolder(parent);
  await leave('alive', STALE_MS / 2);
  await sweepFolders(parent, opened.path);
  expect(await readdir(parent)).toEqual(expect.arrayContaining(['alive', 'alive.lock']));
  await opened.close();
});

it('acquires a lost lock again, and creates the folder again', async () => {
  const opened = await openOwnFolder(parent, 2000);
  const lock = `${opened.path}.lock`;
  // As after a suspension: another process found the lock stale, and removed lock and folder.
  await rm(opened.path, { recursive: true });
  await rm(lock, { recursive: true });
  await expect.poll(() => stat(opened.path).catch(() => undefined)).toBeDefined();
  expect((await stat(lock)).isDirectory()).toBe(true);
  await opened.close();
  expect(await readdir(parent)).toEqual([]);
});

it('does not sweep the folder of this process, even if its lock is lost', async () => {
  const opened = await openOwnFolder(parent);
  await rm(`${opened.path}.lock`, { recursive: true });
  await sweepFolders(parent, opened.path);
  expect((await stat(opened.path)).isDirectory()).toBe(true);
  await opened.close();
});
