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

/** A catalogue on a store that holds manifests and accepts removals only. */
function storing(manifests: readonly { readonly name: string; readonly version: number }[]) {
  const objects = new Map(
    manifests.map((manifest) => [
      keys.manifest(manifest.name, manifest.version),
      Buffer.from(JSON.stringify(manifest)),
    ]),
  );
  const store: Pick<ObjectStore, 'find' | 'list' | 'remove'> = {
    find: (_, key) => Promise.resolve(objects.get(key)),
    async *list(_, prefix) {
      yield* await Promise.resolve([...objects.keys()].filter((key) => key.startsWith(prefix)));
    },
    remove: async (_, key) => void (await Promise.resolve(objects.delete(key))),
  };
  return createModelRegistry(store as ObjectStore); // no test publishes a file
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

  describe('with a damaged manifest', () => {
    const damaged = [
      { ...stored('broken'), licence: '' },
      { ...stored('empty'), labels: ['car', ''] },
    ];
    const catalogue = () => storing([...damaged, stored('cars')]);

    it('resolves, lists and chooses the other models', async () => {
      expect((await catalogue().resolve('cars')).name).toBe('cars');
      expect((await catalogue().resolve(undefined)).name).toBe('cars');
      expect((await catalogue().list()).map(({ name }) => name)).toEqual(['cars']);
      await expect(catalogue().resolve('missing')).rejects.toThrow('available: cars@1');
    });

    it('reports it for its own model, with what to do', async () => {
      const resolved = catalogue().resolve('broken');
      await expect(resolved).rejects.toMatchObject({ code: 'MODEL_INVALID' });
      await expect(resolved).rejects.toThrow('vidette models remove broken@1');
      const [first, second] = await catalogue().listDamaged();
      expect(first).toMatchObject({ name: 'broken', version: 1 });
      expect(second?.reason).toContain('empty/1/manifest.json');
    });

    it('removes it', async () => {
      const store = catalogue();
      await store.remove({ name: 'broken', version: 1 });
      expect((await store.listDamaged()).map(({ name }) => name)).toEqual(['empty']);
    });
  });

  it.each([
    ['an empty licence', { licence: '' }, 'licence: expected a licence'],
    ['an empty label', { labels: ['car', ''] }, 'labels.1: expected a label'],
    ['a name with a separator', { name: '../cars' }, 'name: expected a model name'],
  ])('publishes no manifest with %s', async (_, change, message) => {
    const published = catalogueOf().publish('model.onnx', { ...stored('cars'), ...change });
    await expect(published).rejects.toMatchObject({ code: 'MODEL_INVALID' });
    await expect(published).rejects.toThrow(message);
  });
});
