import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { beforeEach, describe, expect, it } from 'vitest';
import type { PrunedData, PruneDataInput } from '../../domain/job/deletion.js';
import { BUCKETS, keys } from '../../domain/names.js';
import type { PastList } from '../../domain/rescore/rescore.js';
import { collect } from '../../test/support/collect.js';
import { imageBatchDocument } from '../../test/support/image-batches.js';
import { createMemoryDocumentStore } from '../../test/support/memory-document-store.js';
import { createMemoryObjectStore } from '../../test/support/memory-object-store.js';
import { pruneRescorings, type PruneRescoringsDeps } from './prune-rescorings.js';

const BEFORE = '2026-06-01T00:00:00.000Z';
const CREATED = {
  old: '2026-05-01T00:00:00.000Z',
  failed: '2026-05-02T00:00:00.000Z',
  new: '2026-06-02T00:00:00.000Z',
} as const;
const LIST: PastList = {
  ...{ images: 2, jobs: [], not_compared: [] },
  batches: [{ batch_id: 'old-1', options: { bucket: 'videos' }, jobs: [] }],
};

let objects: ReturnType<typeof createMemoryObjectStore>;
let documents: ReturnType<typeof createMemoryDocumentStore>;
/** Ids of running workflows. */
let running: Set<string>;
beforeEach(async () => {
  running = new Set();
  [objects, documents] = [createMemoryObjectStore(), createMemoryDocumentStore()];
  for (const bucket of [BUCKETS.results, BUCKETS.pictures]) await objects.ensureBucket(bucket);
  for (const [id, created_at] of Object.entries(CREATED)) {
    const rescoring = JSON.stringify({ rescore_id: id, created_at });
    await objects.put(BUCKETS.results, keys.rescore(id), rescoring);
    await objects.put(BUCKETS.pictures, keys.rescoreKeys(id), '');
  }
  await objects.put(BUCKETS.results, keys.rescoreList('old'), JSON.stringify(LIST));
  await objects.put(BUCKETS.results, keys.imageShard('old', 0), '');
  await documents.batches.insert({
    ...{ options: { bucket: 'videos' }, jobs: [], priority: 5 },
    ...{ batch_id: 'old-1', created_at: new Date() },
  });
  const source = { bucket: BUCKETS.pictures, list: keys.rescoreKeys('old') };
  await documents.imageBatches.insert(imageBatchDocument({ batch_id: 'old', source }));
});

function prune(): Promise<PrunedData> {
  const environment = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
  const isWorkflowRunning = (id: string) => Promise.resolve(running.has(id));
  const deps = { objects, documents, jobRuns: { isWorkflowRunning } };
  return environment.run<[PruneRescoringsDeps, PruneDataInput], PrunedData, typeof pruneRescorings>(
    pruneRescorings,
    deps,
    { before: BEFORE },
  );
}

const stored = async () => [
  ...(await collect(objects.list(BUCKETS.results, ''))),
  ...(await collect(objects.list(BUCKETS.pictures, ''))),
];

describe('pruning rescorings', () => {
  it('removes everything of those that were started before a time, and nothing of others', async () => {
    expect(await prune()).toEqual({ pruned: 2, failed: 0 });
    expect(await stored()).toEqual([keys.rescore('new'), keys.rescoreKeys('new')]);
    expect(await documents.batches.find('old-1')).toBeUndefined();
    expect(await documents.imageBatches.find('old')).toBeUndefined();
    expect(await prune()).toEqual({ pruned: 0, failed: 0 });
  });

  it.each(['rescore/old', 'video-batch/old-1', 'predict-batch/old'])(
    'keeps one while %s runs',
    async (workflowId) => {
      running.add(workflowId);
      expect(await prune()).toEqual({ pruned: 1, failed: 0 });
      expect(await stored()).toContain(keys.rescoreList('old'));
      expect(await documents.batches.find('old-1')).toBeDefined();
      expect(await documents.imageBatches.find('old')).toBeDefined();
    },
  );

  it('continues with the others if one cannot be removed', async () => {
    const remove = objects.remove.bind(objects);
    objects.remove = (bucket, key, ...rest) =>
      key === keys.rescoreList('old')
        ? Promise.reject(new Error('The store is unavailable.'))
        : remove(bucket, key, ...rest);
    expect(await prune()).toEqual({ pruned: 1, failed: 1 });
    expect(await stored()).toContain(keys.rescore('old'));
  });
});
