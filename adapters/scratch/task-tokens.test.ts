import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openTaskTokens, type TaskTokenFiles } from './task-tokens.js';

const TOKEN = Buffer.from('token of an activity').toString('base64');

let folder: string;
let tokens: TaskTokenFiles;
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'vidette-tokens-')), 'tokens');
  tokens = await openTaskTokens(folder);
});
afterEach(() => rm(join(folder, '..'), { recursive: true, force: true }));

/** Writes the file that a process leaves. */
const leave = (pid: number) =>
  writeFile(join(folder, 'left.json'), JSON.stringify({ pid, token: TOKEN }));

it('keeps a token while its activity runs, readable by its owner only', async () => {
  const kept = await tokens.during('camera', TOKEN, async () => {
    expect((await stat(join(folder, 'camera.json'))).mode & 0o777).toBe(0o600);
    return 7;
  });
  expect(kept).toBe(7);
  expect(await readdir(folder)).toEqual([]);
});

it('removes the token of an activity that fails', async () => {
  const failing = tokens.during('camera', TOKEN, () => Promise.reject(new Error('lost')));
  await expect(failing).rejects.toThrow('lost');
  expect(await tokens.takeLeft()).toEqual([]);
});

it('takes the tokens of a process that has exited, once', async () => {
  const { pid } = spawnSync(process.execPath, ['--version']);
  await leave(pid);
  expect(await tokens.takeLeft()).toEqual([Buffer.from(TOKEN, 'base64')]);
  expect(await tokens.takeLeft()).toEqual([]);
});

it('takes a token of its own process id, which an earlier container had', async () => {
  await leave(process.pid);
  expect(await tokens.takeLeft()).toHaveLength(1);
});

it('leaves the tokens of a process that runs', async () => {
  await leave(process.ppid);
  expect(await tokens.takeLeft()).toEqual([]);
  expect(await readdir(folder)).toEqual(['left.json']);
});

it('removes a file that was cut off', async () => {
  await writeFile(join(folder, 'cut.json'), '{"pid":1,"tok');
  expect(await tokens.takeLeft()).toEqual([]);
  expect(await readdir(folder)).toEqual([]);
});
