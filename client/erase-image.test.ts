import type { Client } from '@temporalio/client';
import { beforeEach, describe, expect, it } from 'vitest';
import { createDatasetStore } from '../adapters/store/dataset-store.js';
import { sha256 } from '../domain/hash.js';
import { BUCKETS, keys } from '../domain/names.js';
import type { DocumentStore } from '../domain/ports/document-store.js';
import type { ModelRegistry } from '../domain/ports/model-registry.js';
import type { ObjectStore } from '../domain/ports/object-store.js';
import { datasetDraft, datasetItem } from '../test/support/dataset-items.js';
import { createMemoryDocumentStore } from '../test/support/memory-document-store.js';
import { createMemoryObjectStore } from '../test/support/memory-object-store.js';
import { eraseImage, type EraseOptions } from './erase-image.js';

const IMAGE = sha256('a');
const OTHER = sha256('b');

let objects: ObjectStore;
let documents: DocumentStore;

beforeEach(async () => {
  documents = createMemoryDocumentStore();
  objects = createMemoryObjectStore();
  for (const bucket of Object.values(BUCKETS)) await objects.ensureBucket(bucket);
  for (const hash of [IMAGE, OTHER]) {
    await documents.keptImages.use(hash, new Date());
    await objects.put(BUCKETS.pictures, keys.image(hash), hash);
  }
  const datasets = createDatasetStore(objects);
  await datasets.add(datasetDraft('fish'), [datasetItem('a')]);
  await datasets.add(datasetDraft('fish'), [datasetItem('a'), datasetItem('c')]);
  await datasets.add(datasetDraft('cats'), [datasetItem('c')]);
});

/** Temporal without retrainings. */
const temporal = { workflow: { list: () => [] } } as unknown as Client;
const models = {} as ModelRegistry; // not used

const erase = (hash: string, options?: EraseOptions) =>
  eraseImage(
    { objects, documents, models, temporal, datasets: createDatasetStore(objects) },
    hash,
    options,
  );
const stored = (hash: string) => objects.find(BUCKETS.pictures, keys.image(hash));

describe('the erasure of an image', () => {
  it('removes it, and it is never kept again', async () => {
    expect(await erase(OTHER)).toEqual({ sha256: OTHER, datasets: [], models: [] });
    expect(await stored(OTHER)).toBeUndefined();
    expect(await documents.keptImages.use(OTHER, new Date())).toBe(false);
    expect(await erase(OTHER)).toMatchObject({ sha256: OTHER });
  });

  it('is rejected with the data sets that use it', async () => {
    const error = erase(IMAGE);
    await expect(error).rejects.toMatchObject({ code: 'IMAGE_IN_USE' });
    await expect(error).rejects.toThrow('fish@2, fish@1. Erase it with "force"');
    expect(await stored(IMAGE)).toBeDefined();
    expect((await documents.keptImages.erased()).size).toBe(0);
  });

  it('names the data sets that lack it afterwards if it is forced', async () => {
    expect(await erase(IMAGE, { force: true })).toMatchObject({ datasets: ['fish@2', 'fish@1'] });
    expect(await stored(IMAGE)).toBeUndefined();
  });

  it('rejects an image that is not kept, and a text that is not a hash', async () => {
    await expect(erase(sha256('none'))).rejects.toMatchObject({ code: 'IMAGE_NOT_FOUND' });
    await expect(erase('../models')).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });
});
