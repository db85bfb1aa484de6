import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { hashOfKey } from '../../domain/api-key.js';
import { openRoleKeys } from './role-keys.js';

let folder: string;
let path: string;
let created: string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-keys-'));
  path = join(folder, 'data', 'key.json');
  created = [];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const open = (hashes?: readonly string[]) =>
  openRoleKeys({ hashes, path, onCreated: (key) => created.push(key) });

it('makes a key once, and keeps its hash in a file of its own', async () => {
  const first = await open();
  const again = await open();
  expect(created).toHaveLength(1);
  const hash = hashOfKey(created[0]!);
  for (const keys of [first, again]) {
    expect(await keys.find(hash)).toMatchObject({ name: 'images', rate_per_minute: 6000 });
  }
  expect(await readFile(path, 'utf8')).not.toContain(created[0]!);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

it('accepts the configured hashes only, and makes no key', async () => {
  const hash = hashOfKey('vidette_a');
  const keys = await open([hash]);
  expect(await keys.find(hash)).toMatchObject({ name: 'key-1' });
  expect(await keys.find(hashOfKey('vidette_b'))).toBeUndefined();
  expect(await keys.list()).toHaveLength(1);
  expect(created).toEqual([]);
});

it('rejects a damaged file instead of replacing it', async () => {
  await open();
  await writeFile(path, '{}');
  await expect(open()).rejects.toMatchObject({ code: 'SETUP_FAILED' });
  expect(created).toHaveLength(1);
});

it('names the settings if the hash cannot be written', async () => {
  await writeFile(join(folder, 'file'), '');
  path = join(folder, 'file', 'key.json');
  await expect(open()).rejects.toThrow(/VIDETTE_DATA_DIR .* VIDETTE_API_KEYS/);
});
