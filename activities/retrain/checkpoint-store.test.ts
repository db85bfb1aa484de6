import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { BUCKETS, trainingPrefix } from '../../domain/names.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import { collect } from '../../test/support/collect.js';
import { createMemoryObjectStore } from '../../test/support/memory-object-store.js';
import { removeCheckpoint, restoreCheckpoint, storeCheckpoint } from './checkpoint-store.js';

const ID = 'fish-1';
const { signal } = new AbortController();
const step = (number: number) => ({ step: number, of: 9, loss: null });

let home: string;
let folder: string;
let objects: ObjectStore;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'vidette-checkpoint-'));
  folder = join(home, 'checkpoint');
  await mkdir(folder);
  objects = createMemoryObjectStore();
  await objects.ensureBucket(BUCKETS.results);
});
afterEach(() => rm(home, { recursive: true, force: true }));

const write = (name: string, text: string) => writeFile(join(folder, name), text);
const restore = () => restoreCheckpoint(objects, ID, join(home, 'restored'), signal);
const restored = (name: string) => readFile(join(home, 'restored', name), 'utf8');
const stored = () => collect(objects.list(BUCKETS.results, trainingPrefix(ID)));

it('restores the files of the newest checkpoint, of which only changed ones are sent', async () => {
  expect(await restore()).toBeNull();
  await write('features', 'large');
  await write('state', 'one');
  await storeCheckpoint(objects, ID, folder, step(1));
  const sent: string[] = [];
  const counting: ObjectStore = {
    ...objects,
    putFile: (bucket, key, path, options) => {
      sent.push(path);
      return objects.putFile(bucket, key, path, options);
    },
  };
  await write('state', 'two');
  await storeCheckpoint(counting, ID, folder, step(2));
  expect(sent).toEqual([join(folder, 'state')]);
  expect(await restore()).toBe(2);
  expect([await restored('features'), await restored('state')]).toEqual(['large', 'two']);
  expect(await stored()).toHaveLength(3);
});

it('keeps the checkpoint before if its worker crashes while it stores one', async () => {
  await write('state', 'one');
  await storeCheckpoint(objects, ID, folder, step(1));
  const crashing: ObjectStore = { ...objects, put: () => Promise.reject(new Error('crashed')) };
  await write('state', 'two');
  await expect(storeCheckpoint(crashing, ID, folder, step(2))).rejects.toThrow('crashed');
  expect(await restore()).toBe(1);
  expect(await restored('state')).toBe('one');
});

it('removes all files after the training', async () => {
  await write('state', 'one');
  await storeCheckpoint(objects, ID, folder, step(1));
  await removeCheckpoint(objects, ID);
  expect(await stored()).toEqual([]);
});
