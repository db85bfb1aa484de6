import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { beforeEach, describe, expect, it } from 'vitest';
import type { PrunedData } from '../../domain/job/deletion.js';
import { BUCKETS, keys } from '../../domain/names.js';
import { imageBatchWorkflowIdOf } from '../../domain/workflow-ids.js';
import { collect } from '../../test/support/collect.js';
import { imageBatchDocument } from '../../test/support/image-batches.js';
import { createMemoryDocumentStore } from '../../test/support/memory-document-store.js';
import { createMemoryObjectStore } from '../../test/support/memory-object-store.js';
import { pruneImageBatches } from './prune-image-batches.js';

const BEFORE = '2026-06-01T00:00:00.000Z';
const day = (month: number) => new Date(Date.UTC(2026, month - 1, 1));

let objects: ReturnType<typeof createMemoryObjectStore>;
let documents: ReturnType<typeof createMemoryDocumentStore>;
/** Ids of running workflows. */
let running: Set<string>;
beforeEach(async () => {
  running = new Set();
  [objects, documents] = [createMemoryObjectStore(), createMemoryDocumentStore()];
  await objects.ensureBucket(BUCKETS.results);
});

async function insert(
  batch_id: string,
  fields: Parameters<typeof imageBatchDocument>[0],
): Promise<void> {
  await documents.imageBatches.insert(imageBatchDocument({ batch_id, ...fields }));
  for (const key of [keys.imageShard(batch_id, 0), keys.imagePart(batch_id, 0)])
    await objects.put(BUCKETS.results, key, '');
}

function prune(): Promise<PrunedData> {
  const environment = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
  const isWorkflowRunning = (id: string) => Promise.resolve(running.has(id));
  const deps = { objects, documents, jobRuns: { isWorkflowRunning } };
  return environment.run(() => pruneImageBatches(deps, { before: BEFORE }));
}

const left = async () => {
  const stored = await collect(objects.list(BUCKETS.results, 'batches/'));
  return [...new Set(stored.map((key) => key.split('/')[1]))].sort();
};

describe('pruning batches of images', () => {
  it('removes those that ended before a time, and those that have lost their workflow', async () => {
    await insert('old', { created_at: day(1), closed_at: day(2) });
    await insert('lost', { created_at: day(1), closed_at: null });
    await insert('new', { created_at: day(7), closed_at: day(7) });
    await insert('long', { created_at: day(1), closed_at: day(7) });
    await insert('runs', { created_at: day(1), closed_at: null });
    await insert('runs-again', { created_at: day(1), closed_at: day(2) });
    running = new Set(['runs', 'runs-again'].map(imageBatchWorkflowIdOf));
    expect(await prune()).toEqual({ pruned: 2, failed: 0 });
    expect(await left()).toEqual(['long', 'new', 'runs', 'runs-again']);
    expect(await documents.imageBatches.find('old')).toBeUndefined();
    expect(await documents.imageBatches.find('runs')).toBeDefined();
    expect(await prune()).toEqual({ pruned: 0, failed: 0 });
  });

  it('keeps those of rescorings that exist, which are removed with them', async () => {
    const list = keys.rescoreKeys('r');
    await insert('r', { created_at: day(1), source: { bucket: BUCKETS.pictures, list } });
    const rescoring = JSON.stringify({ rescore_id: 'r', created_at: day(1).toISOString() });
    await objects.put(BUCKETS.results, keys.rescore('r'), rescoring);
    expect(await prune()).toEqual({ pruned: 0, failed: 0 });
    await objects.remove(BUCKETS.results, keys.rescore('r'));
    expect(await prune()).toEqual({ pruned: 1, failed: 0 });
  });

  it('reads more than a page, and continues after one that cannot be removed', async () => {
    const ids = Array.from({ length: 250 }, (_, index) => `b${index}`);
    for (const id of ids) await insert(id, { created_at: day(1), closed_at: day(2) });
    const remove = objects.remove.bind(objects);
    objects.remove = (bucket, key, options) =>
      key.startsWith('batches/b7/')
        ? Promise.reject(new Error('The store rejects it.'))
        : remove(bucket, key, options);
    expect(await prune()).toEqual({ pruned: 249, failed: 1 });
    expect(await left()).toEqual(['b7']);
    objects.remove = remove;
    expect(await prune()).toEqual({ pruned: 1, failed: 0 });
  });
});
