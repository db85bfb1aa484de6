import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PrunedData } from '../../domain/job/deletion.js';
import { BUCKETS, keys } from '../../domain/names.js';
import { retrainWorkflowIdOf } from '../../domain/workflow-ids.js';
import { collect } from '../../test/support/collect.js';
import { createMemoryObjectStore } from '../../test/support/memory-object-store.js';
import { pruneRetrainings } from './prune-retrainings.js';

const BEFORE = '2026-06-01T00:00:00.000Z';
const [OLD, NEW] = [new Date(Date.UTC(2026, 4, 1)), new Date(Date.UTC(2026, 5, 2))];
const idOf = (model: string, sha = 'a') => `${model}-${sha.repeat(12)}`;

let objects: ReturnType<typeof createMemoryObjectStore>;
/** Ids of running workflows. */
let running: Set<string>;
beforeEach(async () => {
  running = new Set();
  objects = createMemoryObjectStore();
  await objects.ensureBucket(BUCKETS.results);
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(() => vi.useRealTimers());

/** Stores what a training leaves, at a time. */
async function train(id: string, at: Date): Promise<void> {
  vi.setSystemTime(at);
  const folder = keys.checkpoint(id, 'first');
  const made = [`${folder}list.json`, keys.trainedModel(id), keys.trainingResult(id)];
  for (const key of [...made, keys.evaluation(id, 'b'.repeat(64))])
    await objects.put(BUCKETS.results, key, '');
}

/** Stores the report of a retraining. */
async function close(id: string, version: number | null, closedAt: Date): Promise<void> {
  const report = { base: { name: id.slice(0, -13) }, version, closed_at: closedAt.toISOString() };
  await objects.put(BUCKETS.results, keys.retrainReport(id), JSON.stringify(report));
}

function prune(): Promise<PrunedData> {
  const environment = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
  const isWorkflowRunning = (id: string) => Promise.resolve(running.has(id));
  const deps = { objects, jobRuns: { isWorkflowRunning } };
  return environment.run(() => pruneRetrainings(deps, { before: BEFORE }));
}

const stored = () => collect(objects.list(BUCKETS.results, 'training/'));

describe('pruning retrainings', () => {
  it('keeps the report of a published version, and nothing else of old ones', async () => {
    const [published, rejected, failed] = ['cats', 'dogs', 'fish'].map((model) => idOf(model));
    for (const id of [published!, rejected!, failed!]) await train(id, OLD);
    await close(published!, 3, OLD);
    await close(rejected!, null, OLD);
    expect(await prune()).toEqual({ pruned: 3, failed: 0 });
    expect(await stored()).toEqual([keys.retrainReport(published!)]);
    expect(await prune()).toEqual({ pruned: 0, failed: 0 });
  });

  it('keeps those that are newer, by their reports or by their newest objects', async () => {
    await train(idOf('cats'), OLD);
    await close(idOf('cats'), 3, NEW);
    await train(idOf('dogs'), OLD);
    vi.setSystemTime(NEW);
    await objects.put(BUCKETS.results, `${keys.checkpoint(idOf('dogs'), 'second')}list.json`, '');
    const before = await stored();
    expect(await prune()).toEqual({ pruned: 0, failed: 0 });
    expect(await stored()).toEqual(before);
  });

  it('keeps all of a model while one of it runs, and what has no known model', async () => {
    await train(idOf('cats', 'a'), OLD);
    await train(idOf('cats', 'b'), OLD);
    const cut = 'c'.repeat(100);
    await train(idOf(cut), OLD);
    running.add(retrainWorkflowIdOf('cats'));
    const before = await stored();
    expect(await prune()).toEqual({ pruned: 0, failed: 0 });
    expect(await stored()).toEqual(before);
    running.clear();
    expect(await prune()).toEqual({ pruned: 2, failed: 0 });
    await close(idOf(cut), null, OLD);
    expect(await prune()).toEqual({ pruned: 1, failed: 0 });
    expect(await stored()).toEqual([]);
  });

  it('continues a removal that was interrupted, whose training is not complete any more', async () => {
    await train(idOf('cats'), OLD);
    const remove = objects.remove.bind(objects);
    objects.remove = (bucket, key, options) =>
      key === keys.trainedModel(idOf('cats'))
        ? Promise.reject(new Error('The store rejects it.'))
        : remove(bucket, key, options);
    expect(await prune()).toEqual({ pruned: 0, failed: 1 });
    expect(await stored()).not.toContain(keys.trainingResult(idOf('cats')));
    objects.remove = remove;
    expect(await prune()).toEqual({ pruned: 1, failed: 0 });
    expect(await stored()).toEqual([]);
  });
});
