import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sha256 } from '../../domain/hash.js';
import { BUCKETS, keys, trainingPrefix } from '../../domain/names.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import { collect } from '../../test/support/collect.js';
import { createMemoryObjectStore } from '../../test/support/memory-object-store.js';
import { removeCheckpoints, restoreCheckpoint, storeCheckpoint } from './checkpoint-store.js';

const ID = 'fish-1';
const { signal } = new AbortController();
const FIRST = { retrainId: ID, attempt: 'first' };
const SECOND = { retrainId: ID, attempt: 'second' };
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

/** Stores a checkpoint with the step as its state. */
async function store(attempt: typeof FIRST, number: number): Promise<void> {
  await write('state', `${attempt.attempt} ${number}`);
  await storeCheckpoint(objects, attempt, folder, step(number));
}

it('restores the files of the newest checkpoint, of which only changed ones are sent', async () => {
  expect(await restore()).toBeNull();
  await write('features', 'large');
  await store(FIRST, 1);
  const sent: string[] = [];
  const counting: ObjectStore = {
    ...objects,
    putFile: (bucket, key, path, options) => {
      sent.push(path);
      return objects.putFile(bucket, key, path, options);
    },
  };
  await write('state', 'two');
  await storeCheckpoint(counting, FIRST, folder, step(2));
  expect(sent).toEqual([join(folder, 'state')]);
  expect(await restore()).toBe(2);
  expect([await restored('features'), await restored('state')]).toEqual(['large', 'two']);
  expect(await stored()).toHaveLength(3);
});

it('keeps the checkpoint before if its worker crashes while it stores one', async () => {
  await store(FIRST, 1);
  const crashing: ObjectStore = { ...objects, put: () => Promise.reject(new Error('crashed')) };
  await write('state', 'two');
  await expect(storeCheckpoint(crashing, FIRST, folder, step(2))).rejects.toThrow('crashed');
  expect(await restore()).toBe(1);
  expect(await restored('state')).toBe('first 1');
});

it('replaces the checkpoints of earlier attempts, with files of its own', async () => {
  await write('features', 'large');
  await store(FIRST, 1);
  await store(SECOND, 2);
  expect(await restore()).toBe(2);
  expect(await restored('features')).toBe('large');
  const own = keys.checkpoint(ID, 'second');
  expect((await stored()).every((key) => key.startsWith(own))).toBe(true);
});

it('is not changed by an attempt that does not know that it has timed out', async () => {
  await store(FIRST, 1);
  await store(SECOND, 2);
  await store(FIRST, 1);
  await store(FIRST, 2);
  await store(SECOND, 3);
  expect(await restore()).toBe(3);
  expect(await restored('state')).toBe('second 3');
  // Further than the attempt that replaced it, its checkpoint is as good as any.
  await store(FIRST, 4);
  expect(await restore()).toBe(4);
});

it('leaves out a checkpoint without all of its files', async () => {
  await store(FIRST, 2);
  await store(SECOND, 1);
  const key = `${keys.checkpoint(ID, 'first')}${sha256('first 2')}`;
  await objects.remove(BUCKETS.results, key);
  expect(await restore()).toBe(1);
  expect(await restored('state')).toBe('second 1');
});

it('removes all files after the training', async () => {
  await store(FIRST, 2);
  await store(SECOND, 1);
  await removeCheckpoints(objects, ID);
  expect(await stored()).toEqual([]);
});
