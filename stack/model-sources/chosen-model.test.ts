import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { chosenModel } from './chosen-model.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-chosen-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const choose = (model?: string, modelsDir?: string) =>
  chosenModel({ model, modelsDir, dataDir: join(folder, 'data') });

/** Creates a `best.onnx` in a folder. */
async function putBest(...path: readonly string[]): Promise<string> {
  await mkdir(join(folder, ...path), { recursive: true });
  const file = join(folder, ...path, 'best.onnx');
  await writeFile(file, 'model');
  return file;
}

it('returns undefined without a choice and for a name in the catalogue', async () => {
  expect(await choose()).toBeUndefined();
  await putBest('data', 'models');
  expect(await choose('yolox_nano@1')).toBeUndefined();
});

it('returns an added model by its name or a version of it', async () => {
  await mkdir(join(folder, 'data', 'models', 'own'), { recursive: true });
  await writeFile(join(folder, 'data', 'models', 'own', 'manifest.json'), '{}');
  expect(await choose('own')).toEqual({ kind: 'added', name: 'own' });
  expect(await choose('own@2')).toEqual({ kind: 'added', name: 'own' });
  expect(await choose('other')).toBeUndefined();
});

it('returns the specified file or the mock', async () => {
  await putBest('data', 'models');
  expect(await choose('mock')).toEqual({ kind: 'mock' });
  expect(await choose('a/b.onnx')).toEqual({ kind: 'file', path: resolve('a/b.onnx') });
});

it("prefers best.onnx in the user's folder over the one in the data folder", async () => {
  const downloaded = await putBest('data', 'models');
  expect(await choose()).toEqual({ kind: 'file', path: downloaded });
  const users = await putBest('users');
  expect(await choose(undefined, join(folder, 'users'))).toEqual({ kind: 'file', path: users });
});

it('ignores folders', async () => {
  await mkdir(join(folder, 'data', 'models', 'best.onnx'), { recursive: true });
  expect(await choose()).toBeUndefined();
});
