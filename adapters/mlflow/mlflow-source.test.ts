import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ModelSource } from '../../domain/ports/model-source.js';
import { readOnnxReferences } from '../../models/onnx/onnx-references.js';
import { parseLabels } from '../../models/recognise/labels.js';
import { fixtureModel } from '../../test/support/fixture-models.js';
import { kerasFile } from '../../test/support/keras-files.js';
import {
  FISH,
  FISH_LABELS,
  KERAS,
  KERAS_LABELS,
  NAMED,
  TAGGED,
  UNUSABLE,
} from '../../test/support/mlflow-scenario.js';
import { type RecordedMlflow, startRecordedMlflow } from '../../test/support/recorded-mlflow.js';
import { createMlflowSource } from './mlflow-source.js';

let folder: string;
let mlflow: RecordedMlflow;
let source: ModelSource;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-mlflow-'));
  mlflow = await startRecordedMlflow();
  source = createMlflowSource({ uri: mlflow.uri, maxBytes: 20_000 });
});
afterEach(async () => {
  await source.close();
  await mlflow.close();
  await rm(folder, { recursive: true, force: true });
});

async function download(name: string, version?: number) {
  const found = await source.resolve({ name, ...(version !== undefined && { version }) });
  return source.download(found, { folder, inspect: readOnnxReferences });
}

const contentOf = (name: string, file: string) =>
  Buffer.from(fixtureModel(name).files[file]!, 'base64');

describe('resolve', () => {
  it('finds a version, an alias, and the latest version', async () => {
    const first = await source.resolve({ name: FISH, version: 1 });
    expect(first).toMatchObject({ name: FISH, version: 1 });
    expect(first.runId).toMatch(/^[0-9a-f]{32}$/);
    expect(first.source).toBe(`models:/${first.modelId}`);
    expect(await source.resolve({ name: FISH, alias: 'champion' })).toEqual(first);
    expect(await source.resolve({ name: FISH })).toMatchObject({ version: 3 });
  });

  it.each([
    [{ name: FISH, alias: 'unknown' }, `models:/${FISH}@unknown`],
    [{ name: FISH, version: 99 }, `models:/${FISH}/99`],
    [{ name: 'unknown', alias: 'champion' }, 'models:/unknown@champion'],
    [{ name: 'unknown' }, 'models:/unknown/latest'],
    [{ name: `m-${'0'.repeat(32)}` }, `models:/m-${'0'.repeat(32)}`],
  ])('reports that %o does not exist', async (ref, uri) => {
    const found = source.resolve(ref);
    await expect(found).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
    await expect(found).rejects.toThrow(`has no model ${uri}`);
  });

  it('rejects a version that is not ready', async () => {
    const model_version = { name: FISH, version: '4', status: 'PENDING_REGISTRATION' };
    mlflow.replace('version=4', (_, response) => response.end(JSON.stringify({ model_version })));
    const found = source.resolve({ name: FISH, version: 4 });
    await expect(found).rejects.toThrow(/Version 4 of mlflow-fish .* is PENDING_REGISTRATION/);
  });
});

describe('download', () => {
  it.each([
    [1, 'a logged model'],
    [2, 'a folder of its run'],
    [3, 'a folder of artifacts'],
  ])('gets version %i, whose source is %s, with the labels of its run', async (version) => {
    const { path, labels } = await download(FISH, version);
    expect(await readFile(path)).toEqual(contentOf('keras', 'model.onnx'));
    expect(parseLabels(labels!.text, labels!.title)).toEqual(FISH_LABELS);
  });

  it('gets a file of Keras 3 with the labels of its run', async () => {
    const { path, format, labels } = await download(KERAS, 1);
    expect(format).toBe('keras');
    expect(await readFile(path)).toEqual(kerasFile('convolutions'));
    expect(parseLabels(labels!.text, labels!.title)).toEqual(KERAS_LABELS);
  });

  it('gets a logged model by its id', async () => {
    const { modelId } = await source.resolve({ name: FISH, version: 1 });
    const { path, labels } = await download(modelId!); // of MLflow 3
    expect(await readFile(path)).toEqual(contentOf('keras', 'model.onnx'));
    expect(parseLabels(labels!.text, labels!.title)).toEqual(FISH_LABELS);
  });

  it('gets the external data of a model whose name has a space and a dot', async () => {
    await download(NAMED);
    expect((await readdir(folder)).sort()).toEqual(['model.onnx', 'weights.bin']);
    expect(await readFile(join(folder, 'weights.bin'))).toEqual(
      contentOf('outside', 'weights.bin'),
    );
  });

  it('finds labels in a tag of the registered model', async () => {
    const { labels } = await download(TAGGED);
    expect(parseLabels(labels!.text, labels!.title)).toEqual(FISH_LABELS);
  });

  it.each([
    [1, 'names weights in weights.bin which it does not have', 'Log a freshly loaded model'],
    [2, 'its flavours: tensorflow, python_function', 'python -m tf2onnx.convert --saved-model'],
    [3, 'its flavours: pytorch', 'torch.onnx.export'],
    [4, 'its flavours: keras, python_function', 'mlflow.keras.log_model(model, name="model")'],
    [5, 'has no class labels', 'class_indices.json'],
  ])('rejects version %i, which cannot be run: %s', async (version, problem, advice) => {
    const rejected = download(UNUSABLE, version);
    await expect(rejected).rejects.toMatchObject({ code: 'MODEL_INVALID' });
    await expect(rejected).rejects.toThrow(`Version ${version} of ${UNUSABLE}`);
    await expect(rejected).rejects.toThrow(problem);
    await expect(rejected).rejects.toThrow(advice);
  });

  it('applies the size limit to the sum of all files', async () => {
    const bytes = ['model.onnx', 'weights.bin'].map((file) => contentOf('outside', file).length);
    const limited = createMlflowSource({ uri: mlflow.uri, maxBytes: bytes[0]! + bytes[1]! - 1 });
    const version = await limited.resolve({ name: NAMED });
    const rejected = limited.download(version, { folder, inspect: readOnnxReferences });
    await expect(rejected).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
    await limited.close();
  });

  it.each(['../model.onnx', '/etc/passwd', 'a/../../model.onnx', 'a\\b.onnx', ''])(
    'requests no ONNX file named %j',
    async (data) => {
      const mlmodel = JSON.stringify({ flavors: { onnx: { data } } });
      mlflow.replace('path=MLmodel', (_, response) => response.end(mlmodel));
      await expect(download(FISH, 1)).rejects.toThrow(/which is not a plain path/);
      expect(mlflow.asked.at(-1)).toContain('path=MLmodel');
    },
  );

  it('requests no data file outside the folder of the model', async () => {
    const version = await source.resolve({ name: FISH, version: 1 });
    const inspect = () => Promise.resolve({ externalFiles: ['../secret'], hasLabels: true });
    await expect(source.download(version, { folder, inspect })).rejects.toThrow(
      /weights at "..\/secret", which is not a plain path/,
    );
    expect(mlflow.asked.join()).not.toContain('secret');
  });

  it('never contacts the source of a version of MLflow 2', async () => {
    // The form of MLflow 2.22: neither a logged model nor an id of one.
    const model_version = {
      ...{ name: FISH, version: '7', current_stage: 'None', status: 'READY' },
      ...{ source: `${mlflow.uri}/stolen`, run_id: '', creation_timestamp: 1 },
    };
    mlflow.replace('version=7', (_, response) => response.end(JSON.stringify({ model_version })));
    mlflow.replace('get-artifact', (_, response) => response.writeHead(404).end('{}'));
    await expect(download(FISH, 7)).rejects.toThrow(/Version 7 of mlflow-fish has no MLmodel file/);
    expect(mlflow.asked.join()).not.toContain('stolen');
  });
});

it('checks that the registry can be read', async () => {
  expect(await source.check()).toBe('3.17.2');
});

describe('MLflow 2', () => {
  beforeEach(async () => {
    await source.close();
    await mlflow.close();
    mlflow = await startRecordedMlflow(2);
    source = createMlflowSource({ uri: mlflow.uri, maxBytes: 20_000 });
  });

  it('names versions, whose runs have their files', async () => {
    const champion = await source.resolve({ name: FISH, alias: 'champion' });
    expect(champion).toMatchObject({ name: FISH, version: 2 });
    expect(champion).not.toHaveProperty('modelId');
    expect(await source.resolve({ name: FISH })).toEqual(champion);
    expect(await source.check()).toBe('2.22.5');
  });

  it.each([1, 2])('gives version %i with the labels of its run', async (version) => {
    const { path, format, labels } = await download(FISH, version);
    expect(format).toBe('onnx');
    expect(await readFile(path)).toEqual(contentOf('keras', 'model.onnx'));
    expect(parseLabels(labels!.text, labels!.title)).toEqual(FISH_LABELS);
  });

  it('gives a file of Keras', async () => {
    const { path, format } = await download(KERAS, 1);
    expect(format).toBe('keras');
    expect(await readFile(path)).toEqual(kerasFile('convolutions'));
  });

  it.each([
    { name: FISH, alias: 'unknown' },
    { name: FISH, version: 99 },
  ])('has no %o', async (ref) => {
    await expect(source.resolve(ref)).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
  });

  it('has no logged models', async () => {
    const found = source.resolve({ name: `m-${'0'.repeat(32)}` });
    await expect(found).rejects.toThrow(/has no model models:\/m-0{32}, because MLflow 2/);
  });
});
