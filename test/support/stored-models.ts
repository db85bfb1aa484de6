import { createModelRegistry } from '../../adapters/store/model-registry.js';
import { sha256 } from '../../domain/hash.js';
import { BUCKETS, keys } from '../../domain/names.js';
import type { ModelRegistry } from '../../domain/ports/model-registry.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import { createMockModel } from '../../models/mock/mock-model.js';
import { createMemoryObjectStore } from './memory-object-store.js';

/** A catalogue in memory, with the store in which it is. */
export interface StoredModels {
  readonly store: ObjectStore;
  readonly registry: ModelRegistry;
}

/** Stores a version whose file has its number as content. */
export async function storeVersion(
  store: ObjectStore,
  name: string,
  version: number,
  content = `version ${version}`,
): Promise<void> {
  const { manifest } = createMockModel();
  const facts = { name, version, sha256: sha256(content), size_bytes: content.length };
  await store.put(BUCKETS.models, keys.model(name, version), content);
  const text = JSON.stringify({ ...manifest, ...facts });
  await store.put(BUCKETS.models, keys.manifest(name, version), text);
}

/** Creates a catalogue with versions 1 to `count` of the model `fish`. */
export async function storedModels(count: number): Promise<StoredModels> {
  const store = createMemoryObjectStore();
  await store.ensureBucket(BUCKETS.models);
  for (let version = 1; version <= count; version++) await storeVersion(store, 'fish', version);
  return { store, registry: createModelRegistry(store) };
}
