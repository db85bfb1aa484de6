import { beforeEach, describe, expect, it } from 'vitest';
import { BATCH_SLICE } from '../domain/job/batch.js';
import type { DocumentStore } from '../domain/ports/document-store.js';
import { eventDocument } from '../test/support/events.js';
import { createMemoryDocumentStore } from '../test/support/memory-document-store.js';
import { readBatch } from './read-batch.js';

const JOBS = Array.from({ length: BATCH_SLICE + 2 }, (_, i) => ({
  video_id: `v${i}`,
  event_id: `e${i}`,
}));

let documents: DocumentStore;
beforeEach(async () => {
  documents = createMemoryDocumentStore({
    events: [
      eventDocument({ event_id: 'e1', status: 'ready' }),
      eventDocument({ event_id: 'e2', status: 'failed' }),
      eventDocument({ event_id: 'e3', status: 'processing' }),
    ],
  });
  const options = { model: 'mock@1', conf: 0.5 };
  const batch = { batch_id: 'b', created_at: new Date(0), options, priority: 2, jobs: JOBS };
  await documents.batches.insert(batch);
});

describe('readBatch', () => {
  it('returns a slice of the jobs without those that are ready', async () => {
    expect(await readBatch({ documents }, { batch_id: 'b', from: 0 })).toEqual({
      ...{ options: { model: 'mock@1', conf: 0.5 }, priority: 2, ready: 1, deleted: 0 },
      ...{ total: JOBS.length, next: BATCH_SLICE },
      jobs: JOBS.slice(0, BATCH_SLICE).filter(({ event_id }) => event_id !== 'e1'),
    });
  });

  it('leaves out deleted jobs, unless they exist again or the batch is started again', async () => {
    for (const id of ['e0', 'e2']) await documents.batches.markDeleted(id);
    const read = async (again: boolean) => {
      const slice = await readBatch({ documents }, { batch_id: 'b', from: 0, again });
      return { deleted: slice.deleted, first: slice.jobs.slice(0, 2).map((job) => job.event_id) };
    };
    expect(await read(false)).toEqual({ deleted: 1, first: ['e2', 'e3'] });
    expect(await read(true)).toEqual({ deleted: 0, first: ['e0', 'e2'] });
    await documents.batches.markDeleted('e101');
    const later = { batch_id: 'b', from: BATCH_SLICE, again: true };
    expect(await readBatch({ documents }, later)).toMatchObject({ deleted: 1 });
  });

  it('states whether payloads are encrypted', async () => {
    const deps = { documents, payloadsEncrypted: true };
    expect(await readBatch(deps, { batch_id: 'b', from: 0 })).toMatchObject({ sealed: true });
  });

  it('ends with the last job', async () => {
    const slice = await readBatch({ documents }, { batch_id: 'b', from: BATCH_SLICE });
    expect(slice).toMatchObject({ ready: 0, next: JOBS.length, jobs: JOBS.slice(BATCH_SLICE) });
  });

  it('rejects an unknown batch', async () => {
    const unknown = readBatch({ documents }, { batch_id: 'other', from: 0 });
    await expect(unknown).rejects.toMatchObject({ code: 'BATCH_NOT_FOUND' });
  });
});
