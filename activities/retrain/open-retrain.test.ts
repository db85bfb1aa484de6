import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { beforeEach, describe, expect, it } from 'vitest';
import { createDatasetStore } from '../../adapters/store/dataset-store.js';
import { NO_COUNTS } from '../../domain/dataset/dataset-manifest.js';
import { AppError } from '../../domain/errors.js';
import type { ModelManifest } from '../../domain/model/model-manifest.js';
import { BUCKETS } from '../../domain/names.js';
import type { DatasetStore } from '../../domain/ports/dataset-store.js';
import type { OpenedRetrain } from '../../domain/retrain/retrain.js';
import { datasetDraft, datasetItem } from '../../test/support/dataset-items.js';
import { createMemoryObjectStore } from '../../test/support/memory-object-store.js';
import { modelManifest } from '../../test/support/model-manifests.js';
import { type OpenRetrainDeps, openRetrain } from './open-retrain.js';

const OUTPUT = { family: 'classifier', activation: 'softmax' } as const;
const classifier = modelManifest({ name: 'fish', task: 'classify', output: OUTPUT });
const part = (images: number) => ({ images, objects: 0, classes: {} });

let deps: OpenRetrainDeps;
let datasets: DatasetStore;
let models: Map<string, ModelManifest>;
beforeEach(async () => {
  const objects = createMemoryObjectStore();
  await objects.ensureBucket(BUCKETS.datasets);
  datasets = createDatasetStore(objects);
  const counts = { ...NO_COUNTS, train: part(1), test: part(1) };
  const items = [datasetItem('a'), datasetItem('b', { split: 'test' })];
  await datasets.add({ ...datasetDraft('fish'), counts }, items);
  await datasets.add(datasetDraft('empty'), items);
  await datasets.add({ ...datasetDraft('bare'), task: 'detect', counts }, items);
  const boxes = { train: { ...counts.train, objects: 3 }, test: { ...counts.test, objects: 1 } };
  await datasets.add(
    { ...datasetDraft('boxes'), task: 'detect', counts: { ...counts, ...boxes } },
    items,
  );
  models = new Map([['fish', classifier]]);
  const resolve = (spec: string | undefined) => {
    const found = models.get(spec!);
    if (found) return Promise.resolve(found);
    return Promise.reject(new AppError('MODEL_NOT_FOUND', `No model ${spec}`));
  };
  deps = { datasets, models: { resolve } };
});

function open(request: object): Promise<OpenedRetrain> {
  const environment = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
  return environment.run(() => openRetrain(deps, { request: { model: 'fish', ...request } }));
}

describe('openRetrain', () => {
  it('takes the champion, and the newest version without one', async () => {
    expect((await open({})).base.version).toBe(1);
    models.set('fish@champion', { ...classifier, version: 3 });
    expect((await open({})).base.version).toBe(3);
  });

  it('gives the same training the same id, whatever its gate', async () => {
    const { retrain_id, dataset } = await open({});
    expect(dataset).toMatchObject({ name: 'fish', version: 1, key: 'fish/1/items.jsonl' });
    expect((await open({ gate: { margin: 0.5 } })).retrain_id).toBe(retrain_id);
    expect((await open({ params: { steps: 5 } })).retrain_id).not.toBe(retrain_id);
  });

  it.each([
    [{ dataset: 'none' }, 'DATASET_NOT_FOUND', 'none'],
    [{ dataset: 'empty' }, 'TRAIN_DATA', 'no images in its part train'],
    [{ dataset: 'boxes' }, 'TRAIN_DATA', 'is for the task detect, model fish for classify'],
    [{ base: 9 }, 'MODEL_NOT_FOUND', 'fish@9'],
    [{ steps: 9 }, 'INVALID_INPUT', 'steps'],
    [{ model: '../x' }, 'INVALID_INPUT', 'model'],
  ])('rejects %j with %s', async (request, code, message) => {
    const opened = open(request);
    await expect(opened).rejects.toMatchObject({ code });
    await expect(opened).rejects.toThrow(message);
  });

  it('counts the images that are new since the data set of the base', async () => {
    expect((await open({})).new_images).toBeNull();
    expect((await open({ min_new: 5 })).new_images).toBe(2);
    const { name, version, sha256 } = (await deps.datasets.find('fish', 1))!;
    const trained = { retrain_id: 'fish-0', dataset: { name, version, sha256 } };
    models.set('fish', { ...classifier, trained });
    expect((await open({ min_new: 5 })).new_images).toBe(0);
    const items = [datasetItem('a'), datasetItem('b', { label: 'pike', split: 'test' })];
    const counts = { ...NO_COUNTS, train: part(2), test: part(1) };
    await datasets.add({ ...datasetDraft('fish'), counts }, [...items, datasetItem('c')]);
    expect(await open({ min_new: 5 })).toMatchObject({ new_images: 2, min_new: 5 });
  });

  it('trains a detector by the command, on objects', async () => {
    models.set('boxes', modelManifest({ name: 'boxes', task: 'detect' }));
    expect(await open({ model: 'boxes' })).toMatchObject({ task: 'detect', trainer: 'command' });
    expect((await open({})).trainer).toBe('head');
    await expect(open({ model: 'boxes', trainer: 'head' })).rejects.toThrow('"command"');
    const bare = open({ model: 'boxes', dataset: 'bare' });
    await expect(bare).rejects.toThrow('no objects in its part train');
  });

  it('rejects a model of MLflow', async () => {
    const mlflow = { name: 'fish', version: 1, run_id: '', source: '' };
    models.set('fish', { ...classifier, mlflow });
    await expect(open({})).rejects.toThrow('belongs to MLflow');
  });
});
