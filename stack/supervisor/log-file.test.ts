import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { emptyLargeLog } from './log-file.js';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-log-'));
  path = join(folder, 'api.log');
});
afterEach(() => rm(folder, { recursive: true }));

it('moves the lines of a large log aside while a process writes to it', async () => {
  const log = await open(path, 'a');
  await log.write('1234567890\n');
  await emptyLargeLog(path, 10);
  await log.write('next\n');
  await log.close();
  expect(await readFile(`${path}.1`, 'utf8')).toBe('1234567890\n');
  expect(await readFile(path, 'utf8')).toBe('next\n');
});

it('leaves a small log, and a missing one', async () => {
  await writeFile(path, '1234567890');
  await emptyLargeLog(path, 10);
  expect(await readFile(path, 'utf8')).toBe('1234567890');
  await rm(path);
  await emptyLargeLog(path, 10);
  await expect(readFile(`${path}.1`)).rejects.toThrow('ENOENT');
});
