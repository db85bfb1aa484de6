import { describe, expect, it } from 'vitest';
import { BEST_MODEL_NAME, MOCK_MODEL_NAME, YOLOV8N_FILE } from '../../domain/model/known-models.js';
import type { ModelManifest } from '../../domain/model/model-manifest.js';
import { keys } from '../../domain/names.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import { createModelRegistry } from './model-registry.js';

const stored = (name: string): ModelManifest => ({
  ...{ name, version: 1, sha256: 'a'.repeat(64), size_bytes: 1, task: 'detect' },
  input: {
    ...{ width: 640, height: 640, channels: 'rgb', layout: 'nchw', dtype: 'float32' },
    ...{ scale: 1 / 255, mean: [0, 0, 0], std: [1, 1, 1] },
    resize: { mode: 'letterbox', anchor: 'center', fill: 114, rounding: 'round' },
  },
  output: { family: 'yolov8', orientation: 'columns', coordinates: 'pixels' },
  ...{ labels: ['car'], licence: 'MIT', source: 'here' },
});

/** Manifest of a classifier. */
const classifier = (name: string, version: number): ModelManifest => ({
  ...stored(name),
  ...{ version, task: 'classify', output: { family: 'classifier', activation: 'softmax' } },
});

const catalogueOf = (...names: readonly string[]) => storing(names.map(stored));

/** A catalogue on a store that holds manifests and takes nothing. */
function storing(manifests: readonly { readonly name: string; readonly version: number }[]) {
  const objects = new Map(
    manifests.map((manifest) => [
      keys.manifest(manifest.name, manifest.version),
      Buffer.from(JSON.stringify(manifest)),
    ]),
  );
  const readOnly: Pick<ObjectStore, 'find' | 'list'> = {
    find: (_, key) => Promise.resolve(objects.get(key)),
    async *list(_, prefix) {
      yield* await Promise.resolve([...objects.keys()].filter((key) => key.startsWith(prefix)));
    },
  };
  return createModelRegistry(readOnly as ObjectStore); // it only reads
}

describe('createModelRegistry', () => {
  it('reads a manifest of the first form', async () => {
    const manifest = await catalogueOf('cars').resolve('cars');
    expect(manifest.output).toMatchObject({ family: 'yolov8', orientation: 'columns' });
    expect(manifest.input.resize).toMatchObject({ mode: 'letterbox', rounding: 'round' });
  });

  it.each([
    [['cars', YOLOV8N_FILE.facts.name], YOLOV8N_FILE.facts.name],
    [[MOCK_MODEL_NAME, 'trucks'], 'trucks'],
  ])('takes of %j by default %s', async (names, expected) => {
    expect((await catalogueOf(...names).resolve(undefined)).name).toBe(expected);
  });

  it.each([
    [[classifier(BEST_MODEL_NAME, 1), stored('cars')], 'cars@1'],
    [[stored(BEST_MODEL_NAME), classifier(BEST_MODEL_NAME, 2)], `${BEST_MODEL_NAME}@1`],
    [[stored(BEST_MODEL_NAME), { ...stored(BEST_MODEL_NAME), version: 10 }], 'best@10'],
  ])('takes no classifier by default (row %#)', async (manifests, expected) => {
    const { name, version } = await storing(manifests).resolve(undefined);
    expect(`${name}@${version}`).toBe(expected);
  });

  it('finds no default where everything classifies, and resolves a classifier by its name', async () => {
    const catalogue = storing([classifier('flowers', 1)]);
    await expect(catalogue.resolve(undefined)).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
    expect((await catalogue.resolve('flowers')).task).toBe('classify');
  });

  it('resolves the untrained model only by its name', async () => {
    const catalogue = catalogueOf(MOCK_MODEL_NAME);
    expect((await catalogue.resolve(MOCK_MODEL_NAME)).name).toBe(MOCK_MODEL_NAME);
    await expect(catalogue.resolve(undefined)).rejects.toThrow('available: mock@1');
  });
});
