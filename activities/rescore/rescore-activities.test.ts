import { MockActivityEnvironment } from '@temporalio/testing';
import { beforeEach, expect, it } from 'vitest';
import { BUCKETS, keys } from '../../domain/names.js';
import type { ModelRegistry } from '../../domain/ports/model-registry.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import type { OpenedRescore, PastImage, PastList } from '../../domain/rescore/rescore.js';
import { createMemoryDocumentStore } from '../../test/support/memory-document-store.js';
import { createMemoryObjectStore } from '../../test/support/memory-object-store.js';
import { modelManifest } from '../../test/support/model-manifests.js';
import { encodeImagePart } from '../image-batch/part-store.js';
import { comparePast } from './compare-past.js';
import { listPast } from './list-past.js';

const RESCORE: OpenedRescore = {
  ...{ rescore_id: 'r1', created_at: '2026-11-23T00:00:00Z', of: { name: 'fish' }, conf: 0.25 },
  model: { name: 'fish', version: 4, sha256: 'a'.repeat(64) },
  ...{ since: '2026-11-16T00:00:00Z', until: '2026-11-23T00:00:00Z', include: ['images', 'jobs'] },
};
const models: Partial<ModelRegistry> = {
  resolve: () => Promise.resolve(modelManifest({ name: 'fish', version: 4 })),
};
const past: PastImage = {
  ...{ prediction_id: 'p1', sha256: 'b', model: 'fish@3', class: 'bass', confidence: 0.9 },
};

let objects: ObjectStore;
beforeEach(async () => {
  objects = createMemoryObjectStore();
  for (const bucket of [BUCKETS.results, BUCKETS.pictures]) await objects.ensureBucket(bucket);
});
const run = <T>(work: () => Promise<T>) => new MockActivityEnvironment().run(work);
const textOf = async (key: string) => (await objects.get(BUCKETS.results, key)).toString();

it('does not list a past without predictions', async () => {
  const documents = createMemoryDocumentStore();
  const deps = {
    objects,
    documents,
    models: models as ModelRegistry,
    checkClasses: () => undefined,
  };
  await expect(run(() => listPast(deps, RESCORE))).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    message: expect.stringContaining('Model fish made no predictions') as string,
  });
  expect(await textOf(keys.rescoreImages('r1'))).toBe('');
});

it('reports models that agree, without a case', async () => {
  const list: PastList = { images: 1, jobs: [], not_compared: [], batches: [] };
  await objects.put(BUCKETS.results, keys.rescoreList('r1'), JSON.stringify(list));
  await objects.put(BUCKETS.results, keys.rescoreImages('r1'), `${JSON.stringify(past)}\n`);
  const row = { key: 'p1', etag: 'e', class: 'bass', confidence: 0.8, width: 9, height: 9 };
  await objects.put(BUCKETS.results, keys.imagePart('r1', 0), encodeImagePart([row]));
  const report = await run(() => comparePast({ objects }, RESCORE));
  expect(report).toMatchObject({ cases: 0, images: { compared: 1, agree: 1 }, jobs: { total: 0 } });
  expect(JSON.parse(await textOf(keys.rescoreReport('r1')))).toEqual(report);
  for (const key of [keys.rescoreCases('r1'), keys.rescoreRanking('r1')])
    expect(await textOf(key)).toBe('');
});

it('does not compare an image with the row of another one', async () => {
  const list: PastList = { images: 1, jobs: [], not_compared: [], batches: [] };
  await objects.put(BUCKETS.results, keys.rescoreList('r1'), JSON.stringify(list));
  await objects.put(BUCKETS.results, keys.rescoreImages('r1'), `${JSON.stringify(past)}\n`);
  await expect(run(() => comparePast({ objects }, RESCORE))).rejects.toMatchObject({
    code: 'INCOMPLETE_RESULT',
  });
});
