import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openOffsets } from './offsets.js';

const UUID = '00000000-0000-4000-8000-00000000000a';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-offsets-'));
  path = join(folder, 'results.offsets');
});
afterEach(() => rm(folder, { recursive: true }));

it('stores numbers for the next run', async () => {
  const offsets = await openOffsets(path);
  expect(offsets.get(UUID)).toBeUndefined();
  offsets.set(UUID, 12);
  await offsets.save();
  expect((await openOffsets(path)).get(UUID)).toBe(12);
});

it('writes the file only after a change', async () => {
  const offsets = await openOffsets(path);
  await offsets.save();
  await expect(readFile(path)).rejects.toMatchObject({ code: 'ENOENT' });
});

it.each(['[1]', '{"a": 1}', `{"${UUID}": "1"}`])('rejects a file with %s', async (text) => {
  await writeFile(path, text);
  await expect(openOffsets(path)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
});
