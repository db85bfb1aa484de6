import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createModelRegistry } from '../../adapters/store/model-registry.js';
import { BUCKETS, keys } from '../../domain/names.js';
import type { ModelRegistry } from '../../domain/ports/model-registry.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import { createMockModel } from '../../models/mock/mock-model.js';

/** Suite for the model registry on an implementation of {@link ObjectStore}. */
export function modelRegistryContract(name: string, createStore: () => ObjectStore): void {
  describe(`a model registry on ${name}`, () => {
    const { bytes, manifest: mock } = createMockModel();
    const draft = { ...mock, name: `contract-${process.pid}` };
    let folder: string;
    let path: string;
    let store: ObjectStore;
    let registry: ModelRegistry;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'vidette-registry-'));
      path = join(folder, 'model.onnx');
      await writeFile(path, bytes);
      store = createStore();
      await store.ensureBucket(BUCKETS.models);
      registry = createModelRegistry(store);
    });
    afterAll(() => rm(folder, { recursive: true, force: true }));

    it('publishes a model, and resolves it by name and by version', async () => {
      const published = await registry.publish(path, draft);
      expect(published).toEqual({ ...draft, version: 1 });
      expect(await registry.resolve(draft.name)).toEqual(published);
      expect(await registry.resolve(`${draft.name}@1`)).toEqual(published);
      expect(await registry.list()).toContainEqual(published);
      expect(await store.get(BUCKETS.models, keys.model(draft.name, 1))).toEqual(bytes);
    });

    it('publishes the same model again as the same version, and repairs its file', async () => {
      const key = keys.model(draft.name, 1);
      await store.put(BUCKETS.models, key, Buffer.alloc(bytes.length));
      expect((await registry.publish(path, draft)).version).toBe(1);
      expect(await store.get(BUCKETS.models, key)).toEqual(bytes);
    });

    it('publishes changed labels as a new version, and resolves the newest', async () => {
      const changed = { ...draft, labels: draft.labels.map((label) => `new ${label}`) };
      expect((await registry.publish(path, changed)).version).toBe(2);
      expect(await registry.resolve(draft.name)).toMatchObject({ ...changed, version: 2 });
      expect((await registry.resolve(`${draft.name}@1`)).labels).toEqual(draft.labels);
    });

    it('rejects a file that is not the one of the manifest', async () => {
      const other = join(folder, 'other.onnx');
      await writeFile(other, 'other bytes');
      const renamed = { ...draft, name: `${draft.name}-other` };
      await expect(registry.publish(other, renamed)).rejects.toMatchObject({
        code: 'MODEL_INVALID',
      });
      await expect(registry.resolve(renamed.name)).rejects.toMatchObject({
        code: 'MODEL_NOT_FOUND',
      });
    });

    it('removes a version with its files', async () => {
      await registry.remove({ name: draft.name, version: 2 });
      expect((await registry.resolve(draft.name)).version).toBe(1);
      await registry.remove({ name: draft.name, version: 1 });
      await expect(registry.resolve(draft.name)).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
      expect(await store.stat(BUCKETS.models, keys.model(draft.name, 1))).toBeUndefined();
    });
  });
}
