import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readConfig } from '../../config/index.js';
import { backupStack, checkBackup, restoreStack } from '../index.js';

/** Files of a data folder, some of which are not in backups. */
const FILES = {
  'temporal/temporal.db': 'histories',
  'objects/results/results/e1.json': '{"frames":[]}',
  'objects/.metadata': 'hidden',
  'documents/ferretdb/runner_db.sqlite': 'documents',
  'credentials.json': '{}',
};
const OTHERS = { 'logs/api.log': 'log', 'scratch/frame.raw': 'frame', 'ports.json': '{}' };

let folder: string;
let dataDir: string;
let backup: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-backup-'));
  dataDir = join(folder, 'data');
  backup = join(folder, 'backups/first');
  for (const [name, text] of Object.entries({ ...FILES, ...OTHERS })) await put(name, text);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function put(name: string, text: string): Promise<void> {
  await mkdir(join(dataDir, name, '..'), { recursive: true });
  await writeFile(join(dataDir, name), text);
}

const optionsOf = (dir: string, from: string, signal = new AbortController().signal) => ({
  config: { ...readConfig({}), dataDir: dir, scratchDir: join(dir, 'scratch') },
  ...{ onStep: () => undefined, folder: from, signal },
});
const back = (to = backup) => backupStack(optionsOf(dataDir, to));
const restore = (name: string, from = backup) => restoreStack(optionsOf(join(folder, name), from));

async function filesIn(dir: string): Promise<Record<string, string>> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile());
  const read = paths.map(async ({ parentPath, name }) => {
    const path = join(parentPath, name);
    return [path.slice(dir.length + 1), await readFile(path, 'utf8')] as const;
  });
  return Object.fromEntries(await Promise.all(read));
}

it('restores the files of a stack without those of the machine', async () => {
  expect(await back()).toMatchObject({ stopped_ms: null, folder: backup });
  expect((await readdir(backup)).sort()).toEqual(['backup.json', 'data.tar']);
  await restore('other');
  expect(await filesIn(join(folder, 'other'))).toEqual(FILES);
});

it('rejects a folder with data, and changes nothing', async () => {
  await back();
  const before = await filesIn(dataDir);
  await expect(restore('data')).rejects.toMatchObject({
    ...{ code: 'INVALID_INPUT', message: expect.stringContaining('already has data') as string },
  });
  expect(await filesIn(dataDir)).toEqual(before);
});

it('rejects a backup to a folder with files, into the data folder, and without data', async () => {
  await back();
  await expect(back()).rejects.toThrow('already exists');
  await expect(back(join(dataDir, 'backup'))).rejects.toThrow('is in the data folder');
  const empty = optionsOf(join(folder, 'empty'), join(folder, 'second'));
  await expect(backupStack(empty)).rejects.toThrow('has no data to back up');
});

/** Copies a backup and changes the copy; expects that no part of it is restored. */
async function expectRejected(change: (copy: string) => Promise<void>, message: string) {
  await back();
  const copy = join(folder, 'copy');
  await cp(backup, copy, { recursive: true });
  await change(copy);
  await expect(restore('other', copy)).rejects.toThrow(message);
  const other = join(folder, 'other');
  expect(existsSync(other) ? await filesIn(other) : {}).toEqual({});
  return copy;
}

it('rejects an archive of which a byte has changed', async () => {
  const copy = await expectRejected(async (path) => {
    const file = await open(join(path, 'data.tar'), 'r+');
    const text = await readFile(join(path, 'data.tar'));
    await file.write(Buffer.from('H'), 0, 1, text.indexOf('histories'));
    await file.close();
  }, 'The backup is damaged: The SHA-256');
  await expect(checkBackup(optionsOf(dataDir, copy))).rejects.toThrow('damaged');
  await expect(checkBackup(optionsOf(dataDir, backup))).resolves.toMatchObject({ format: 1 });
});

it('rejects an archive that is cut or missing', async () => {
  const copy = await expectRejected(async (path) => {
    const file = await open(join(path, 'data.tar'), 'r+');
    await file.truncate(100);
    await file.close();
  }, 'has 100 bytes instead of');
  await rm(join(copy, 'data.tar'));
  await expect(restore('other', copy)).rejects.toThrow('data.tar is missing');
});

it.each([
  [{ vidette: '99.0.0' }, 'has Vidette 99.0.0; this is Vidette'],
  [{ format: 2 }, 'has format 2; this is Vidette'],
  [{ sha256: 'x' }, 'is not the record of a backup'],
])('rejects a record with %o', async (fields, message) => {
  await expectRejected(async (path) => {
    const record = JSON.parse(await readFile(join(path, 'backup.json'), 'utf8')) as object;
    await writeFile(join(path, 'backup.json'), JSON.stringify({ ...record, ...fields }));
  }, message);
});

it('rejects a folder that is not a backup', async () => {
  await expect(restore('other', folder)).rejects.toThrow('record of the backup cannot be read');
});

it('leaves no folder if a backup is interrupted, and repeats one that was killed', async () => {
  const interrupted = optionsOf(dataDir, backup, AbortSignal.abort(new Error('Interrupted.')));
  await expect(backupStack(interrupted)).rejects.toThrow('Interrupted.');
  await mkdir(`${backup}.partial`, { recursive: true });
  await writeFile(join(`${backup}.partial`, 'data.tar'), 'a part');
  await back();
  expect(await readdir(join(folder, 'backups'))).toEqual(['first']);
  await mkdir(join(folder, 'backups/second.partial'));
  await writeFile(join(folder, 'backups/second.partial/notes.txt'), 'mine');
  await expect(back(join(folder, 'backups/second'))).rejects.toThrow('has other files');
});

it('repeats a restore that was interrupted', async () => {
  await back();
  const other = join(folder, 'other');
  await mkdir(join(other, 'restoring/objects'), { recursive: true });
  await mkdir(join(other, 'documents'));
  await writeFile(join(other, 'documents/half'), 'a part');
  await restore('other');
  expect(await filesIn(other)).toEqual(FILES);
});
