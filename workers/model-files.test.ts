import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createModelRegistry } from '../adapters/store/model-registry.js';
import { type ModelManifest, modelRefOf } from '../domain/model-manifest.js';
import { BUCKETS, keys } from '../domain/names.js';
import type { ObjectStore } from '../domain/ports.js';
import { createMockModel } from '../models/mock/mock-model.js';
import { createMemoryObjectStore } from '../test/support/memory-object-store.js';
import { createModelFiles } from './model-files.js';

const { bytes, manifest: draft } = createMockModel();
const KEY = keys.model('mock', 1);

let folder: string;
let store: ObjectStore;
let manifest: ModelManifest;

const publish = () => createModelRegistry(store).publish(join(folder, 'mock.onnx'), draft);
const files = () => createModelFiles(store, createModelRegistry(store), join(folder, 'cache'));

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-model-files-'));
  await writeFile(join(folder, 'mock.onnx'), bytes);
  store = createMemoryObjectStore();
  await store.ensureBucket(BUCKETS.models);
  manifest = await publish();
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const damage = () => store.put(BUCKETS.models, KEY, Buffer.alloc(bytes.length));
const REFUSED = { code: 'MODEL_UNAVAILABLE', retryable: true };

it.each([
  ['missing', () => store.remove(BUCKETS.models, KEY)],
  ['damaged', damage],
  ['cut short', () => store.put(BUCKETS.models, KEY, Buffer.from(bytes.subarray(0, 100)))],
])('a stored file that is %s is not used, until it is published again', async (_, spoil) => {
  await spoil();
  const models = files();
  await expect(models.fetch(modelRefOf(manifest))).rejects.toMatchObject(REFUSED);
  expect(await publish()).toEqual(manifest);
  const { path } = await models.fetch(modelRefOf(manifest));
  expect((await readFile(path)).equals(bytes)).toBe(true);
});

it('a copy on this host that was damaged is replaced, also by a process that had verified it', async () => {
  const models = files();
  const { path } = await models.fetch(modelRefOf(manifest));
  await writeFile(path, Buffer.alloc(bytes.length));
  await models.fetch(modelRefOf(manifest));
  expect((await readFile(path)).equals(bytes)).toBe(true);
  await writeFile(path, Buffer.alloc(bytes.length));
  await files().fetch(modelRefOf(manifest));
  expect((await readFile(path)).equals(bytes)).toBe(true);
});

it('a whole copy on this host is used though the store has lost its own', async () => {
  await files().fetch(modelRefOf(manifest));
  await damage();
  const { path } = await files().fetch(modelRefOf(manifest));
  expect((await readFile(path)).equals(bytes)).toBe(true);
});

it('another file under the name and version of a job is not used for it', async () => {
  const asked = { ...modelRefOf(manifest), sha256: '0'.repeat(64) };
  await expect(files().fetch(asked)).rejects.toMatchObject(REFUSED);
});
