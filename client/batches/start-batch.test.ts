import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ModelManifest } from '../../domain/model/model-manifest.js';
import { BUCKETS, keys } from '../../domain/names.js';
import type { DatasetStore } from '../../domain/ports/dataset-store.js';
import type { ModelRegistry } from '../../domain/ports/model-registry.js';
import { createMemoryDocumentStore } from '../../test/support/memory-document-store.js';
import { createMemoryObjectStore } from '../../test/support/memory-object-store.js';
import { startBatch } from './start-batch.js';

const MODEL = {
  ...{ name: 'mock', version: 1, sha256: 'ab', task: 'detect', labels: ['person'] },
  ...{ input: {}, output: {} },
} as unknown as ModelManifest; // the fields that identify a job

const WEBHOOK = { url: 'https://example.com/hook?token=secret' };

const used: Pick<ModelRegistry, 'resolve' | 'list'> = {
  resolve: () => Promise.resolve(MODEL),
  list: () => Promise.resolve([MODEL]),
};
const models = used as ModelRegistry; // the methods that a start uses

/** A client of Temporal without runs; `started` receives the inputs of the workflows. */
function temporalWithoutRuns(started: unknown[]): Client {
  const missing = new WorkflowNotFoundError('none', 'w', undefined);
  const workflow = {
    start: (_type: string, { args }: { args: unknown[] }) => Promise.resolve(started.push(args)),
    getHandle: () => ({ describe: () => Promise.reject(missing) }),
    list: async function* () {},
  };
  return { workflow } as unknown as Client; // the calls of a start
}

describe('startBatch', () => {
  const documents = createMemoryDocumentStore();
  const objects = createMemoryObjectStore();
  let started: unknown[];
  beforeEach(async () => {
    started = [];
    await objects.ensureBucket(BUCKETS.videos);
    for (const id of ['a', 'b']) {
      await objects.put(BUCKETS.videos, keys.video(id), Buffer.from(id));
    }
  });
  const datasets = {} as DatasetStore; // not used
  const start = (options: Parameters<typeof startBatch>[2]) =>
    startBatch(
      { documents, objects, models, datasets, temporal: temporalWithoutRuns(started) },
      ['a', 'b'],
      options,
    );

  it('passes the webhook to the workflow, and stores only the other options', async () => {
    const { batch_id } = await start({ conf: 0.5, webhook: WEBHOOK });
    expect(started).toEqual([[{ batch_id, again: true, webhook: WEBHOOK }]]);
    const document = await documents.batches.find(batch_id);
    expect(document?.options).toEqual({ conf: 0.5, model: 'mock@1' });
    expect(JSON.stringify(document)).not.toContain('secret');
  });

  it('starts a workflow without a webhook', async () => {
    const { batch_id } = await start({ conf: 0.5 });
    expect(started).toEqual([[{ batch_id, again: true }]]);
  });

  it('rejects an invalid webhook', async () => {
    await expect(start({ webhook: { url: 'file:///etc/hosts' } })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
    expect(started).toEqual([]);
  });
});
