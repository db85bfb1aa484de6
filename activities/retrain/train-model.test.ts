import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createScratch } from '../../adapters/scratch/scratch-folder.js';
import { createDatasetStore } from '../../adapters/store/dataset-store.js';
import type { DatasetItem } from '../../domain/dataset/dataset-item.js';
import { sha256 } from '../../domain/hash.js';
import { countItems } from '../../domain/dataset/dataset-counts.js';
import { BUCKETS, keys } from '../../domain/names.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import type { TrainerRunner } from '../../domain/ports/trainer.js';
import type { TrainModelInput, TrainModelOutput } from '../../domain/retrain/retrain.js';
import { datasetDraft, datasetItem } from '../../test/support/dataset-items.js';
import { collect } from '../../test/support/collect.js';
import { createMemoryObjectStore } from '../../test/support/memory-object-store.js';
import { modelManifest } from '../../test/support/model-manifests.js';
import { trainModel } from './train-model.js';

const OUTPUT = { family: 'classifier', activation: 'softmax' } as const;
const base = modelManifest({ name: 'fish', version: 3, task: 'classify', output: OUTPUT });

let home: string;
let objects: ObjectStore;
let input: TrainModelInput;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'vidette-train-model-'));
  await writeFile(join(home, 'base.onnx'), 'base');
  objects = createMemoryObjectStore();
  for (const bucket of [BUCKETS.results, BUCKETS.datasets, BUCKETS.pictures])
    await objects.ensureBucket(bucket);
  const items = [item('a', {}), item('b', { label: 'a/b' }), item('c', { split: 'test' })];
  for (const { picture: image } of items)
    await objects.put(BUCKETS.pictures, keys.image(image.sha256), 'image');
  const { manifest } = await createDatasetStore(objects).add(datasetDraft('fish'), items);
  const { name, version, sha256: hash } = manifest;
  input = {
    ...{ retrain_id: 'fish-1', task: 'classify', trainer: 'head', params: { steps: 5 } },
    dataset: { name, version, sha256: hash, bucket: 'datasets', key: 'fish/1/items.jsonl' },
    base: { name: 'fish', version: 3, sha256: base.sha256 },
    ...{ limits: { seconds: 60, pictures: 2, memory_mb: 512 }, out: 'training/fish-1/' },
  };
});
afterEach(() => rm(home, { recursive: true, force: true }));

function item(name: string, fields: Partial<DatasetItem>): DatasetItem {
  return datasetItem(name, fields);
}

/** Trainer that writes a model; its first lines are those of a training. */
const trained: TrainerRunner['run'] = async (_trainer, folder) => {
  await writeFile(join(folder, 'out/model.onnx'), 'trained');
  await writeFile(join(folder, 'out/labels.json'), '["форель","a/b"]');
  await writeFile(join(folder, 'out/metrics.json'), '{"loss":0.1}');
};

async function run(
  trainer: TrainerRunner['run'],
  changes: Partial<TrainModelInput> = {},
): Promise<TrainModelOutput> {
  const scratch = await createScratch(join(home, 'scratch'), 1e9);
  const datasets = createDatasetStore(objects);
  const models = {
    fetch: () => Promise.resolve({ manifest: base, path: join(home, 'base.onnx') }),
  };
  const deps = { objects, datasets, models, scratch, trainers: { run: trainer } };
  const environment = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
  return environment.run(() => trainModel(deps, { ...input, ...changes }));
}

describe('trainModel', () => {
  it('gives the trainer the images without those of the test part', async () => {
    await run(async (name, folder, options) => {
      const files = await readdir(join(folder, 'dataset'), {
        recursive: true,
        withFileTypes: true,
      });
      const images = files.filter((file) => file.isFile() && file.name.endsWith('.jpg'));
      expect(images).toHaveLength(2);
      const list = await readFile(join(folder, 'dataset/items.jsonl'), 'utf8');
      expect(list).toContain(
        `"file":"train/a%2Fb/${sha256('b')}.jpg","split":"train","label":"a/b"`,
      );
      expect(list).not.toContain(sha256('c'));
      expect(await readFile(join(folder, 'base.onnx'), 'utf8')).toBe('base');
      expect(await readFile(join(folder, 'params.json'), 'utf8')).toBe('{"steps":5}');
      await trained(name, folder, options);
    });
  });

  it('gives the trainer of a detector the exports of COCO and YOLO', async () => {
    const objectsOf = (name: string) => [{ class: name, box: [10, 20, 110, 220] as const }];
    const boxes = [
      item('a', { label: undefined, objects: objectsOf('perch') }),
      item('b', { label: undefined, objects: [], split: 'val' }),
      item('c', { label: undefined, objects: objectsOf('pike'), split: 'test' }),
    ];
    const labels = ['perch', 'pike'];
    const draft = {
      ...datasetDraft('boxes'),
      task: 'detect',
      labels,
      counts: countItems(boxes),
    } as const;
    const { manifest } = await createDatasetStore(objects).add(draft, boxes);
    const { name, version, sha256: hash } = manifest;
    const dataset = { name, version, sha256: hash, bucket: 'datasets', key: 'boxes/1/items.jsonl' };
    await run(
      async (trainer, folder, options) => {
        const read = (file: string) => readFile(join(folder, 'dataset', file), 'utf8');
        const coco = JSON.parse(await read('annotations/instances_train.json')) as object;
        expect(coco).toMatchObject({
          images: [{ file_name: `${sha256('a')}.jpg` }],
          annotations: [{ image_id: 1, category_id: 1, bbox: [10, 20, 100, 200] }],
          categories: [{ name: 'perch' }, { name: 'pike' }],
        });
        expect(await read('data.yaml')).not.toContain('test:');
        expect(await read(`labels/train/${sha256('a')}.txt`)).toMatch(/^0 /);
        expect(await read(`labels/val/${sha256('b')}.txt`)).toBe('');
        expect(await read(`images/val/${sha256('b')}.jpg`)).toBe('image');
        expect(await read('items.jsonl')).toContain(`"file":"images/train/${sha256('a')}.jpg"`);
        const files = await readdir(join(folder, 'dataset'), { recursive: true });
        expect(
          files.filter((file) => /test|pike/.test(file) || file.includes(sha256('c'))),
        ).toEqual([]);
        await trained(trainer, folder, options);
      },
      { task: 'detect', trainer: 'command', dataset },
    );
  });

  it('stores the model with the manifest of the base and its own labels, once', async () => {
    const output = await run(trained);
    expect(output).toMatchObject({
      ...{ key: 'training/fish-1/model.onnx', sha256: sha256('trained'), resumed_from: null },
      manifest: { name: 'fish', labels: ['форель', 'a/b'], size_bytes: 7, output: OUTPUT },
      metrics: { loss: 0.1 },
    });
    expect(output.manifest.source).toBe('fish@3 trained with data set fish@1');
    const unused = () => Promise.reject(new Error('trained again'));
    expect((await run(unused)).sha256).toBe(output.sha256);
  });

  it('continues from the checkpoint of the attempt before', async () => {
    const killed = run(async (_name, folder, { onCheckpoint }) => {
      await writeFile(join(folder, 'checkpoint/state'), 'seven');
      await onCheckpoint({ step: 7, of: 9, loss: 0.5 });
      throw new Error('killed');
    });
    await expect(killed).rejects.toThrow('killed');
    const output = await run(async (name, folder, options) => {
      expect(await readFile(join(folder, 'checkpoint/state'), 'utf8')).toBe('seven');
      await trained(name, folder, options);
    });
    expect(output.resumed_from).toBe(7);
    expect(await collect(objects.list(BUCKETS.results, keys.checkpoints('fish-1')))).toEqual([]);
  });

  it('fails with MODEL_INVALID if the trainer ends without a model', async () => {
    const ended = run(() => Promise.resolve());
    await expect(ended).rejects.toMatchObject({ code: 'MODEL_INVALID' });
    await expect(ended).rejects.toThrow('out/model.onnx');
  });

  it('refuses more images than the limit, and an image that is not stored', async () => {
    const limits = { ...input.limits, pictures: 1 };
    await expect(run(trained, { limits })).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
    await objects.remove(BUCKETS.pictures, keys.image(sha256('a')));
    await expect(run(trained)).rejects.toMatchObject({ code: 'TRAIN_DATA' });
  });
});
