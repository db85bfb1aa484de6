import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createModelRegistry } from './model-registry.js';
import { type ModelManifest, modelRefOf } from '../../domain/model/model-manifest.js';
import { BUCKETS, keys } from '../../domain/names.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import { createMockModel } from '../../models/mock/mock-model.js';
import { readContent } from '../../models/add/content.js';
import {
  BOXES,
  DATA_FILES,
  OTHER_BOXES,
  writeDataFileModel,
} from '../../test/support/data-file-model.js';
import { createMemoryObjectStore } from '../../test/support/memory-object-store.js';
import { createModelFiles } from './model-file-cache.js';

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
  const refused = { code: 'MODEL_NOT_FOUND' };
  await expect(files().fetch(asked)).rejects.toMatchObject(refused);
});

describe('a model with data files', () => {
  let source: string;
  const publishOutside = async () => {
    const path = join(source, 'model.onnx');
    const { files: _, ...one } = { ...draft, name: 'outside' };
    const content = await readContent(path, { externalFiles: DATA_FILES });
    return createModelRegistry(store).publish(path, { ...one, ...content });
  };
  const CACHED = DATA_FILES.map((name) => [name]);

  beforeEach(async () => {
    source = join(folder, 'outside');
    await writeDataFileModel(source);
    manifest = await publishOutside();
  });

  it.each(CACHED)('has its %s replaced when that is damaged on this host', async (name) => {
    const models = files();
    const { path } = await models.fetch(modelRefOf(manifest));
    const copy = join(dirname(path), name);
    const whole = await readFile(copy);
    await writeFile(copy, Buffer.alloc(whole.length, 1));
    await models.fetch(modelRefOf(manifest));
    expect((await readFile(copy)).equals(whole)).toBe(true);
    await rm(copy);
    await models.fetch(modelRefOf(manifest));
    expect((await readFile(copy)).equals(whole)).toBe(true);
  });

  it.each(CACHED)('is not used while its %s is damaged in the store', async (name) => {
    const key = keys.modelData('outside', 1, name);
    await store.put(BUCKETS.models, key, Buffer.alloc(10));
    const models = files();
    const refused = models.fetch(modelRefOf(manifest));
    await expect(refused).rejects.toMatchObject(REFUSED);
    await expect(refused).rejects.toThrow(`data file ${JSON.stringify(name)} of model outside@1`);
    expect(await publishOutside()).toEqual(manifest);
    await expect(models.fetch(modelRefOf(manifest))).resolves.toMatchObject({ manifest });
  });

  it('is another version with other weights, and both are kept apart', async () => {
    const models = files();
    const first = await models.fetch(modelRefOf(manifest));
    const boxes = await readFile(join(source, BOXES));
    await writeFile(join(source, BOXES), OTHER_BOXES);
    const other = await publishOutside();
    expect(other).toMatchObject({ version: 2, sha256: manifest.sha256 });
    const second = await models.fetch(modelRefOf(other));
    const read = ({ path }: { path: string }) => readFile(join(dirname(path), BOXES));
    expect((await read(first)).equals(boxes)).toBe(true);
    expect((await read(second)).equals(OTHER_BOXES)).toBe(true);
  });

  it('is not published with a data file that is missing or was changed since', async () => {
    const { version: _, ...unpublished } = { ...manifest, name: 'changed' };
    const again = () => createModelRegistry(store).publish(join(source, 'model.onnx'), unpublished);
    await writeFile(join(source, BOXES), OTHER_BOXES);
    await expect(again()).rejects.toThrow(BOXES);
    await rm(join(source, BOXES));
    await expect(again()).rejects.toMatchObject({ code: 'MODEL_INVALID' });
    await expect(createModelRegistry(store).resolve('changed')).rejects.toThrow('No model');
  });

  it('leaves nothing behind when it is removed', async () => {
    await createModelRegistry(store).remove(manifest);
    const left: string[] = [];
    for await (const key of store.list(BUCKETS.models, 'outside/')) left.push(key);
    expect(left).toEqual([]);
  });
});
