import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeDataFolder } from './data-folder.js';
import { storeKinds } from './store-kinds.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-test-'));
  await makeDataFolder(folder, join(folder, 'scratch'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('storeKinds', () => {
  it.each([
    ['a new data folder', [], {}],
    ['the folder of MinIO', ['objects/.minio.sys', 'objects/videos'], { objectStore: 'minio' }],
    ['the folder of versitygw', ['objects/videos'], { objectStore: 'versitygw' }],
    ['the folder of FerretDB', ['documents/ferretdb'], { documentStore: 'ferretdb' }],
  ])('recognizes %s', async (_name, folders, expected) => {
    for (const name of folders) await mkdir(join(folder, name), { recursive: true });
    const none = { objectStore: undefined, documentStore: undefined };
    expect(storeKinds(folder)).toEqual({ ...none, ...expected });
  });
});
