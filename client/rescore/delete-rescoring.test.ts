import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { beforeEach, expect, it } from 'vitest';
import { BUCKETS, keys } from '../../domain/names.js';
import type { PastList } from '../../domain/rescore/rescore.js';
import type { DatasetStore } from '../../domain/ports/dataset-store.js';
import type { ModelRegistry } from '../../domain/ports/model-registry.js';
import { collect } from '../../test/support/collect.js';
import { imageBatchDocument } from '../../test/support/image-batches.js';
import { createMemoryDocumentStore } from '../../test/support/memory-document-store.js';
import { createMemoryObjectStore } from '../../test/support/memory-object-store.js';
import { createRescorings } from './rescorings.js';

const LIST: PastList = {
  ...{ images: 2, jobs: [], not_compared: [] },
  batches: [{ batch_id: 'week-1', options: { bucket: 'videos' }, jobs: [] }],
};

let objects: ReturnType<typeof createMemoryObjectStore>;
let documents: ReturnType<typeof createMemoryDocumentStore>;
/** Workflows that run, and those that were cancelled. */
let running: Set<string>;
let cancelled: string[];
beforeEach(async () => {
  [running, cancelled] = [new Set(), []];
  [objects, documents] = [createMemoryObjectStore(), createMemoryDocumentStore()];
  for (const bucket of [BUCKETS.results, BUCKETS.pictures]) await objects.ensureBucket(bucket);
  for (const id of ['week', 'week-2']) {
    await objects.put(BUCKETS.results, keys.rescore(id), JSON.stringify({ rescore_id: id }));
    await objects.put(BUCKETS.results, keys.rescoreReport(id), '{}');
    await objects.put(BUCKETS.pictures, keys.rescoreKeys(id), '');
  }
  await objects.put(BUCKETS.results, keys.rescoreList('week'), JSON.stringify(LIST));
  const batch = { options: { bucket: 'videos' }, jobs: [], priority: 5 } as const;
  for (const batch_id of ['week-1', 'other'])
    await documents.batches.insert({ ...batch, batch_id, created_at: new Date() });
});

const handleOf = (workflowId: string) => ({
  describe: () =>
    running.has(workflowId)
      ? Promise.resolve({ status: { name: 'RUNNING' }, workflowId, runId: 'r' })
      : Promise.reject(new WorkflowNotFoundError('none', workflowId, undefined)),
  cancel: () => {
    cancelled.push(workflowId);
    running.delete(workflowId);
    return Promise.resolve();
  },
});

function deleteRescoring(id: string) {
  const temporal = {
    connection: { options: {} },
    workflow: { getHandle: handleOf },
  } as unknown as Client;
  const [models, datasets] = [{} as ModelRegistry, {} as DatasetStore]; // not used
  return createRescorings({ temporal, objects, documents, models, datasets }).delete(id);
}

const keysOf = (bucket: string) => collect(objects.list(bucket, ''));

it('deletes everything of a rescoring but its jobs, and nothing of another one', async () => {
  const source = { bucket: BUCKETS.pictures, list: keys.rescoreKeys('week') };
  await documents.imageBatches.insert(imageBatchDocument({ batch_id: 'week', source }));
  await objects.put(BUCKETS.results, keys.imageShard('week', 0), '');
  expect(await deleteRescoring('week')).toEqual({ rescore_id: 'week', objects: 5 });
  expect((await keysOf(BUCKETS.results)).sort()).toEqual(
    [keys.rescore('week-2'), keys.rescoreReport('week-2')].sort(),
  );
  expect(await keysOf(BUCKETS.pictures)).toEqual([keys.rescoreKeys('week-2')]);
  expect(await documents.batches.find('week-1')).toBeUndefined();
  expect(await documents.batches.find('other')).toBeDefined();
  expect(await documents.imageBatches.find('week')).toBeUndefined();
  await expect(deleteRescoring('week')).rejects.toMatchObject({ code: 'RESCORE_NOT_FOUND' });
});

it('keeps a batch of other images that has the same id', async () => {
  const source = { bucket: 'incoming', prefix: 'day/' };
  await documents.imageBatches.insert(imageBatchDocument({ batch_id: 'week', source }));
  await deleteRescoring('week');
  expect(await documents.imageBatches.find('week')).toBeDefined();
});

it('cancels what is running first', async () => {
  running = new Set(['rescore/week', 'video-batch/week-1']);
  await deleteRescoring('week');
  expect(cancelled).toEqual(['rescore/week', 'video-batch/week-1']);
});
