import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createFolderObjects } from '../../adapters/store/folder-objects.js';
import { createModelFiles } from '../../adapters/store/model-file-cache.js';
import { createModelReader } from '../../adapters/store/model-registry.js';
import { modelRefOf } from '../../domain/model/model-manifest.js';
import { createMockModel } from '../../models/mock/mock-model.js';
import { IN_PROCESS_RUNS } from '../../test/support/in-process-runs.js';
import { readModelFolder, readModelFolders } from './read-model-folder.js';

const { bytes, manifest: mock } = createMockModel();
const manifest = { ...mock, name: 'fish' };

let folder: string;
let leftOut: string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-models-'));
  leftOut = [];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function put(path: string, content: Buffer | object): Promise<void> {
  const file = join(folder, 'models', path);
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(file, Buffer.isBuffer(content) ? content : JSON.stringify(content));
}

async function open() {
  const objects = await readModelFolder(join(folder, 'models'), {
    runs: IN_PROCESS_RUNS,
    onLeftOut: (path, reason) => leftOut.push(`${path}: ${reason}`),
  });
  const store = createFolderObjects(objects);
  const reader = createModelReader(store);
  const files = createModelFiles(store, reader, join(folder, 'cache'));
  return { reader, files };
}

it('reads a folder of vidette models add as version 1', async () => {
  await put('fish/manifest.json', manifest);
  await put('fish/model.onnx', bytes);
  const { reader, files } = await open();
  const found = await reader.resolve('fish');
  expect(found).toEqual({ ...manifest, version: 1 });
  const { path } = await files.fetch(modelRefOf(found));
  expect(path).toContain(join(folder, 'cache'));
});

it('reads a copy of the bucket with its versions and aliases', async () => {
  for (const version of [2, 10]) {
    await put(`fish/${version}/manifest.json`, { ...manifest, version });
    await put(`fish/${version}/model.onnx`, bytes);
  }
  await put('fish/history/1.json', {});
  const { reader, files } = await open();
  expect((await reader.resolve('fish')).version).toBe(10);
  expect((await reader.resolve('fish@2')).version).toBe(2);
  expect(await reader.list()).toHaveLength(2);
  await files.fetch(modelRefOf(await reader.resolve('fish@2')));
});

it('leaves out what is not a model, with its reason, and refuses a changed file', async () => {
  await put('broken/manifest.json', { name: 'broken' });
  await put('text.onnx', Buffer.from('not a model'));
  await put('fish/manifest.json', manifest);
  await put('fish/model.onnx', Buffer.from('changed'));
  const { reader, files } = await open();
  expect(leftOut).toEqual([
    expect.stringContaining('broken'),
    expect.stringMatching(/text\.onnx: .*ONNX/),
  ]);
  const found = await reader.resolve('fish');
  await expect(files.fetch(modelRefOf(found))).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE' });
});

it('reads several folders, the last of which replaces models of the same name', async () => {
  await put('fish/manifest.json', { ...manifest, licence: 'first' });
  await put('../more/fish/manifest.json', { ...manifest, licence: 'second' });
  await put('../more/bird/manifest.json', { ...manifest, name: 'bird' });
  const folders = ['models', 'more'].map((name) => join(folder, name));
  const deps = { runs: IN_PROCESS_RUNS, onLeftOut: (path: string) => void leftOut.push(path) };
  const reader = createModelReader(createFolderObjects(await readModelFolders(folders, deps)));
  expect((await reader.list()).map(({ name }) => name).sort()).toEqual(['bird', 'fish']);
  expect((await reader.resolve('fish')).licence).toBe('second');
  expect(leftOut).toEqual([]);
});

it('names a folder that cannot be read', async () => {
  await expect(open()).rejects.toThrow(/VIDETTE_MODELS_DIR/);
});
