import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDatasetStore } from '../../adapters/store/dataset-store.js';
import { BUCKETS, keys } from '../../domain/names.js';
import type { DatasetStore } from '../../domain/ports/dataset-store.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import { collect } from '../support/collect.js';
import { datasetDraft, datasetItem } from '../support/dataset-items.js';

/** Suite for the store of data sets on every implementation of {@link ObjectStore}. */
export function datasetStoreContract(name: string, create: () => ObjectStore): void {
  describe(`${name} as a store of data sets`, () => {
    let objects: ObjectStore;
    let store: DatasetStore;
    let dataset: string;
    let cases = 0;
    beforeAll(async () => {
      objects = create();
      await objects.ensureBucket(BUCKETS.datasets);
      store = createDatasetStore(objects);
    });
    beforeEach(() => {
      dataset = `datasets-${process.pid}-${cases++}`;
    });

    const add = (...images: readonly string[]) =>
      store.add(
        datasetDraft(dataset),
        images.map((image) => datasetItem(image)),
      );

    it('numbers versions, and returns the same version for the same items', async () => {
      const first = await add('a', 'b');
      expect(first).toMatchObject({ created: true, manifest: { name: dataset, version: 1 } });
      expect(await add('b', 'a')).toEqual({ created: false, manifest: first.manifest });
      const second = await add('a', 'b', 'c');
      expect(second.manifest.version).toBe(2);
      expect(await add('a', 'b')).toEqual({ created: false, manifest: first.manifest });
      expect(await store.versions(dataset)).toEqual([second.manifest, first.manifest]);
      expect(await store.find(dataset)).toEqual(second.manifest);
      expect(await store.find(dataset, 1)).toEqual(first.manifest);
      expect(await store.find(dataset, 3)).toBeUndefined();
      const newest = (await store.list()).filter((each) => each.name === dataset);
      expect(newest).toEqual([second.manifest]);
    });

    it('gives each of several processes a version with its own items', async () => {
      const sets = [['a'], ['b'], ['a'], ['c', 'd'], ['b']];
      const added = await Promise.all(sets.map((images) => add(...images)));
      for (const [index, { manifest }] of added.entries()) {
        const items = await collect(store.items(manifest));
        const expected = sets[index]!.map((image) => datasetItem(image));
        expect(items).toHaveLength(expected.length);
        expect(items).toEqual(expect.arrayContaining(expected));
      }
      expect(new Set(added.map(({ manifest }) => manifest.version)).size).toBe(3);
      expect(await store.versions(dataset)).toHaveLength(3);
    });

    it('completes a version without a manifest by the same items only', async () => {
      await add('a');
      await objects.remove(BUCKETS.datasets, keys.datasetManifest(dataset, 1));
      expect(await store.find(dataset)).toBeUndefined();
      expect((await add('b')).manifest.version).toBe(2);
      await objects.remove(BUCKETS.datasets, keys.datasetManifest(dataset, 2));
      expect((await add('a')).manifest.version).toBe(1);
    });

    it('reports items that are not those of the manifest', async () => {
      const { manifest } = await add('a', 'b');
      const key = keys.datasetItems(dataset, 1);
      const [line] = (await objects.get(BUCKETS.datasets, key)).toString('utf8').split('\n');
      for (const text of [`${line}\n`, '{}\n', 'x\n']) {
        await objects.put(BUCKETS.datasets, key, text);
        const read = collect(store.items(manifest));
        await expect(read).rejects.toMatchObject({ code: 'DATASET_DAMAGED' });
      }
    });
  });
}
