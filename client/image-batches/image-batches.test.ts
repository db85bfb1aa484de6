import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Client,
  type WorkflowExecutionStatusName,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ImageBatchDocument } from '../../domain/image-batch/image-batch.js';
import { BUCKETS, imageBatchObjects, keys } from '../../domain/names.js';
import type { DocumentStore } from '../../domain/ports/document-store.js';
import type { DatasetStore } from '../../domain/ports/dataset-store.js';
import type { ModelRegistry } from '../../domain/ports/model-registry.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import { createMockModel } from '../../models/mock/mock-model.js';
import { collect } from '../../test/support/collect.js';
import { imageBatchDocument } from '../../test/support/image-batches.js';
import { createMemoryDocumentStore } from '../../test/support/memory-document-store.js';
import { createMemoryObjectStore } from '../../test/support/memory-object-store.js';
import { createImageBatches } from './image-batches.js';

const manifest = { ...createMockModel().manifest, name: 'fish', version: 4 };
const REQUEST = { bucket: 'incoming', prefix: 'day/', model: 'fish' };
const PROGRESS = {
  ...{ stage: 'predicting', total: 1000, done: 256, failed: 1 },
  ...{ images_per_s: 64, eta_s: 12 },
};

let folder: string;
let objects: ObjectStore;
let documents: DocumentStore;
/** State of the workflow; undefined if Temporal does not know it. */
let state: WorkflowExecutionStatusName | undefined;
let started: unknown[];
let ended: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-image-batches-'));
});
beforeEach(async () => {
  [state, started, ended] = [undefined, [], []];
  documents = createMemoryDocumentStore();
  objects = createMemoryObjectStore();
  await objects.ensureBucket(BUCKETS.results);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function batches() {
  const end = (how: string) => {
    ended.push(how);
    state = 'CANCELLED';
    return Promise.resolve();
  };
  const handle = {
    describe: () =>
      state
        ? Promise.resolve({ status: { name: state }, workflowId: 'w', runId: 'r' })
        : Promise.reject(new WorkflowNotFoundError('none', 'w', undefined)),
    query: () => Promise.resolve(PROGRESS),
    cancel: () => end('cancel'),
    terminate: () => end('terminate'),
  };
  const start = (_type: string, { args }: { args: unknown[] }) => {
    started.push(args[0]);
    return Promise.resolve();
  };
  const temporal = {
    connection: { options: {} },
    workflow: { getHandle: () => handle, start },
    withDeadline: (_time: number, work: () => unknown) => work(),
  } as unknown as Client;
  const models = { resolve: () => Promise.resolve(manifest) } as unknown as ModelRegistry;
  const datasets = {} as DatasetStore; // not used
  return createImageBatches({ temporal, objects, documents, models, datasets });
}

const result = { format: 'jsonl.gz', bucket: 'results', key: 'k', size: 7 } as const;
const store = (fields: Partial<ImageBatchDocument>) =>
  documents.imageBatches.insert(imageBatchDocument({ batch_id: 'b1', ...fields }));

describe('start', () => {
  it('starts a workflow with the version of the model, and stores the batch', async () => {
    const { batch_id, workflow_id } = await batches().start(REQUEST);
    expect(workflow_id).toBe(`predict-batch/${batch_id}`);
    expect(started).toMatchObject([{ ...REQUEST, batch_id, model: 'fish@4', table: 'jsonl.gz' }]);
    const stored = await documents.imageBatches.find(batch_id);
    expect(stored).toMatchObject({ status: 'processing', model: { name: 'fish', version: 4 } });
  });

  it('does not start a batch that has its table, unless in another format', async () => {
    const { batch_id } = await batches().start(REQUEST);
    await documents.imageBatches.update(batch_id, { status: 'ready', result });
    expect(await batches().start(REQUEST)).toMatchObject({ batch_id, started: false });
    const csv = await batches().start({ ...REQUEST, table: 'csv' });
    expect(csv).toMatchObject({ batch_id, started: true });
    expect(started).toHaveLength(2);
  });

  it('rejects an id that is taken by other images', async () => {
    await batches().start({ ...REQUEST, batch_id: 'mine' });
    const other = { ...REQUEST, batch_id: 'mine', prefix: 'night/' };
    await expect(batches().start(other)).rejects.toMatchObject({ code: 'BATCH_EXISTS' });
    expect(started).toHaveLength(1);
  });
});

describe('the state of a batch', () => {
  it('is that of its run while it is open', async () => {
    await store({ status: 'failed', error: 'before' });
    state = 'RUNNING';
    const { total, done, failed, images_per_s, eta_s } = PROGRESS;
    const running = { status: 'processing', error: null, total, done, failed, images_per_s, eta_s };
    expect(await batches().get('b1')).toMatchObject(running);
  });

  it('is that of its document after its end', async () => {
    await store({ status: 'ready', result, counts: { total: 3, done: 3, failed: 1 } });
    expect(await batches().get('b1')).toMatchObject({
      ...{ status: 'ready', done: 3, model: 'fish@4', table: { format: 'jsonl.gz', size: 7 } },
      images_per_s: null,
    });
    expect(await batches().table('b1')).toEqual(result);
  });

  it.each([
    ['TERMINATED', 'cancelled'],
    ['TIMED_OUT', 'failed'],
    [undefined, 'failed'],
  ] as const)(
    'is that of Temporal if the run ended as %s without closing it',
    async (name, status) => {
      await store({});
      state = name;
      const batch = await batches().get('b1');
      expect(batch).toMatchObject({
        status,
        error: expect.stringContaining('continues') as string,
      });
      await expect(batches().table('b1')).rejects.toThrow('has no table');
    },
  );

  it('is unknown of a batch that does not exist', async () => {
    await expect(batches().get('none')).rejects.toMatchObject({ code: 'BATCH_NOT_FOUND' });
  });

  it('is listed a page at a time', async () => {
    for (const batch_id of ['a', 'b', 'c']) await store({ batch_id });
    const first = await batches().list({ limit: 2 });
    expect(first.batches.map(({ batch_id }) => batch_id)).toEqual(['c', 'b']);
    const second = await batches().list({ limit: 2, cursor: first.next! });
    expect(second.batches.map(({ batch_id }) => batch_id)).toEqual(['a']);
    expect(second.next).toBeNull();
  });
});

describe('the cancellation of a batch', () => {
  it('ends its run, and keeps its document', async () => {
    await store({});
    state = 'RUNNING';
    expect(await batches().cancel('b1')).toMatchObject({ batch_id: 'b1', status: 'cancelled' });
    expect(ended).toEqual(['cancel']);
    expect(await documents.imageBatches.find('b1')).toBeDefined();
  });

  it('is rejected for a batch that does not exist', async () => {
    await expect(batches().cancel('none')).rejects.toMatchObject({ code: 'BATCH_NOT_FOUND' });
  });
});

it('uploads each content once, and lists the names of the files', async () => {
  const files = [];
  for (const [name, content] of Object.entries({ a: 'one', b: 'two', c: 'one' })) {
    const path = join(folder, name);
    await writeFile(path, content);
    files.push({ name: `${name}.jpg`, path });
  }
  const progress: number[] = [];
  const onUpload = (done: number) => progress.push(done);
  const request = await batches().upload(files, { model: 'fish' }, { onUpload });
  const { batch_id, list } = request as { batch_id: string; list: string };
  const lines = (await objects.get(BUCKETS.results, list)).toString().split('\n');
  const listed = lines.map((line) => JSON.parse(line) as { key: string; name: string });
  expect(listed.map(({ name }) => name)).toEqual(['a.jpg', 'b.jpg', 'c.jpg']);
  expect(listed[0]!.key).toBe(listed[2]!.key);
  expect((await objects.get(BUCKETS.results, listed[1]!.key)).toString()).toBe('two');
  expect(progress).toEqual([1, 2, 3]);
  expect(await batches().upload(files, { model: 'fish' })).toEqual(request);
  const fewer = await batches().upload(files.slice(1), { model: 'fish' });
  expect(fewer.batch_id).not.toBe(batch_id);
});

it('deletes the objects and the document of a batch, after it has ended', async () => {
  await store({});
  await store({ batch_id: 'b10' });
  for (const id of ['b1', 'b10']) {
    await objects.put(BUCKETS.results, keys.imagePart(id, 0), 'part');
    await objects.put(BUCKETS.results, keys.imageTable(id, 'csv'), 'table');
  }
  state = 'RUNNING';
  expect(await batches().delete('b1')).toEqual({ batch_id: 'b1', objects: 2 });
  expect(ended).toEqual(['cancel']);
  const { bucket } = imageBatchObjects('b1');
  expect(await collect(objects.list(bucket, ''))).toEqual([
    ...['batches/b10/parts/0.jsonl.gz', 'batches/b10/table.csv'],
  ]);
  expect(await documents.imageBatches.find('b1')).toBeUndefined();
  await expect(batches().delete('b1')).rejects.toMatchObject({ code: 'BATCH_NOT_FOUND' });
});
