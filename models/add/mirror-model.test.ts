import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { refuseQuestions } from '../../cli/models/ask.js';
import { createMlflowSource } from '../../adapters/mlflow/mlflow-source.js';
import { createModelRegistry } from '../../adapters/store/model-registry.js';
import { BUCKETS, keys } from '../../domain/names.js';
import type { ModelRegistry } from '../../domain/ports/model-registry.js';
import type { ModelSource } from '../../domain/ports/model-source.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import { IN_PROCESS_RUNS } from '../../test/support/in-process-runs.js';
import { createMemoryObjectStore } from '../../test/support/memory-object-store.js';
import {
  FISH,
  FISH_LABELS,
  KERAS,
  KERAS_LABELS,
  NAMED,
  UNUSABLE,
} from '../../test/support/mlflow-scenario.js';
import { type RecordedMlflow, startRecordedMlflow } from '../../test/support/recorded-mlflow.js';
import { fixtureModel, writeFixtureModel } from '../../test/support/fixture-models.js';
import { mirrorModel } from './mirror-model.js';

let dataDir: string;
let mlflow: RecordedMlflow;
let source: ModelSource;
let objects: ObjectStore;
let models: ModelRegistry;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'vidette-mirror-'));
  mlflow = await startRecordedMlflow();
  source = createMlflowSource({ uri: mlflow.uri, maxBytes: 20_000 });
  objects = createMemoryObjectStore();
  await objects.ensureBucket(BUCKETS.models);
  models = createModelRegistry(objects);
});
afterEach(async () => {
  await source.close();
  await mlflow.close();
  await rm(dataDir, { recursive: true, force: true });
});

const mirror = (uri: string, answers = {}) =>
  mirrorModel(uri, {
    ...{ config: { dataDir }, source, models, runs: IN_PROCESS_RUNS, answers },
    answer: (asked) => refuseQuestions(asked, `vidette models pull ${asked}`),
  });

describe('mirrorModel', () => {
  it('publishes a version under its number in MLflow', async () => {
    const manifest = await mirror(`models:/${FISH}/latest`);
    expect(manifest).toMatchObject({
      ...{ name: FISH, version: 3, task: 'classify', labels: FISH_LABELS },
      ...{ source: 'MLflow models:/mlflow-fish/3', mlflow: { name: FISH, version: 3 } },
    });
    expect(manifest.mlflow?.run_id).toMatch(/^[0-9a-f]{32}$/);
    expect(await models.resolve(`${FISH}@3`)).toEqual(manifest);
    // An older version does not become the newest one.
    expect(await mirror(`models:/${FISH}@champion`)).toMatchObject({ version: 1 });
    expect(await models.resolve(FISH)).toEqual(manifest);
    expect(await readdir(join(dataDir, 'downloads'))).toEqual([]);
  });

  it('publishes the same version once', async () => {
    const manifest = await mirror(`models:/${FISH}/1`);
    expect(await mirror(`models:/${FISH}/1`)).toEqual(manifest);
    expect(await models.list()).toEqual([manifest]);
  });

  it('publishes external data, under a name that the catalogue allows', async () => {
    const manifest = await mirror(`models:/${NAMED}/1`);
    expect(manifest.name).toMatch(/^mlflow-Fish-v2-1-[0-9a-f]{6}$/);
    expect(manifest.mlflow?.name).toBe(NAMED);
    expect(manifest.files).toMatchObject([{ name: 'weights.bin' }]);
    const key = keys.modelData(manifest.name, 1, 'weights.bin');
    expect(await objects.stat(BUCKETS.models, key)).toMatchObject({ size: 72 });
  });

  it('converts a model of Keras', async () => {
    expect(await mirror(`models:/${KERAS}/1`)).toMatchObject({
      ...{ name: KERAS, version: 1, task: 'classify', labels: KERAS_LABELS },
      input: { width: 12, height: 12, layout: 'nhwc' },
    });
    await expect(mirror(`models:/${UNUSABLE}/6`)).rejects.toThrow(
      `models:/${UNUSABLE}/6 cannot be converted: its layer "scale" (Lambda)`,
    );
  });

  it('publishes a logged model as version 1 of its id', async () => {
    const { mlflow: origin, sha256, labels } = await mirror(`models:/${FISH}/1`);
    const modelId = origin!.model_id!; // of MLflow 3
    expect(await mirror(`models:/${modelId}`)).toMatchObject({
      ...{ name: modelId, version: 1, sha256, labels },
      mlflow: { name: modelId, model_id: modelId, run_id: origin!.run_id },
    });
  });

  it('refuses a version whose number belongs to another file', async () => {
    const manifest = await mirror(`models:/${FISH}/1`);
    mlflow.replace('path=class_indices.json', (_, response) => {
      response.end('{"bass": 0, "perch": 1, "carp": 2}');
    });
    await expect(mirror(`models:/${FISH}/1`)).rejects.toThrow(
      /mlflow-fish@1 in the catalogue differs/,
    );
    expect(await models.resolve(`${FISH}@1`)).toEqual(manifest);
  });

  it('keeps local models and those of MLflow apart', async () => {
    const mirrored = await mirror(`models:/${FISH}/1`);
    const { version: _, mlflow: __, ...local } = mirrored;
    const path = await writeFixtureModel(dataDir, 'keras');
    await expect(models.publish(path, local)).rejects.toThrow(
      /The name mlflow-fish belongs to the model models:\/mlflow-fish\/latest of MLflow/,
    );
    await models.remove(mirrored);
    await models.publish(path, local);
    await expect(mirror(`models:/${FISH}/1`)).rejects.toMatchObject({ code: 'MODEL_INVALID' });
  });

  it('publishes nothing that cannot be run', async () => {
    await expect(mirror(`models:/${UNUSABLE}/1`)).rejects.toMatchObject({ code: 'MODEL_INVALID' });
    expect(await models.list()).toEqual([]);
    expect(await readdir(join(dataDir, 'downloads'))).toEqual([]);
  });

  it('names the flags that answer what the file leaves open', async () => {
    const { files } = fixtureModel('bytes');
    mlflow.replace('path=model.onnx', (_, response) => {
      response.end(Buffer.from(files['model.onnx']!, 'base64'));
    });
    const uri = `models:/${FISH}/1`;
    await expect(mirror(uri)).rejects.toThrow(
      /vidette models pull models:\/mlflow-fish\/1 [^]*--size/,
    );
    expect(await mirror(uri, { size: { width: 64, height: 64 } })).toMatchObject({ version: 1 });
  });
});
