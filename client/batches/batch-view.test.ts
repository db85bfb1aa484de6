import {
  type Client,
  type WorkflowExecutionInfo,
  WorkflowNotFoundError,
  type WorkflowExecutionStatusName,
} from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import type { BatchDocument } from '../../domain/job/batch.js';
import type { JobStatus } from '../../domain/job/job-status.js';
import { eventDocument } from '../../test/support/events.js';
import { createMemoryDocumentStore } from '../../test/support/memory-document-store.js';
import { readBatch } from './batch-view.js';

const BATCH: BatchDocument = {
  ...{ batch_id: 'b', created_at: new Date(0), options: { model: 'mock@1' }, priority: null },
  jobs: ['a', 'b', 'c'].map((id) => ({ video_id: `video-${id}`, event_id: id })),
};

/** Reads the batch with a run, jobs with events, and jobs that failed before they had one. */
function read(
  run: WorkflowExecutionStatusName | undefined,
  events: Readonly<Record<string, JobStatus>>,
  unopened: readonly string[] = [],
  deleted: readonly string[] = [],
) {
  const documents = createMemoryDocumentStore({
    events: Object.entries(events).map(([event_id, status]) => eventDocument({ event_id, status })),
  });
  const queries: (string | undefined)[] = [];
  const describe = () =>
    run
      ? Promise.resolve({ status: { name: run } })
      : Promise.reject(new WorkflowNotFoundError('none', 'video-batch/b', undefined));
  // eslint-disable-next-line @typescript-eslint/require-await -- that of Temporal is asynchronous
  const list = async function* ({ query }: { query?: string }) {
    queries.push(query);
    yield* unopened.map(runOf);
  };
  const temporal = { workflow: { list, getHandle: () => ({ describe }) } };
  return {
    queries,
    batch: readBatch({ documents, temporal: temporal as unknown as Client }, { ...BATCH, deleted }),
  };
}

function runOf(id: string): WorkflowExecutionInfo {
  const run: Partial<WorkflowExecutionInfo> = {
    ...{ workflowId: `video-detection/${id}`, runId: id, startTime: new Date(0) },
    ...{ status: { code: 0, name: 'FAILED' }, typedSearchAttributes: new TypedSearchAttributes() },
  };
  return run as WorkflowExecutionInfo; // the fields that a list reads
}

describe('readBatch', () => {
  it('counts jobs by their events, and those that are not started', async () => {
    const { batch } = read('RUNNING', { a: 'ready', b: 'processing' });
    expect(await batch).toEqual({
      ...{ batch_id: 'b', status: 'processing', model: 'mock@1', workflow_id: 'video-batch/b' },
      ...{ started_at: '1970-01-01T00:00:00.000Z', total: 3, ready: 1, failed: 0, cancelled: 0 },
      ...{ running: 1, waiting: 1, deleted: 0, missing: 0 },
    });
  });

  it('counts jobs that failed before they had an event', async () => {
    const { batch, queries } = read('COMPLETED', { a: 'ready' }, ['b', 'a']);
    const counts = { ready: 1, failed: 1, missing: 1, waiting: 0 };
    expect(await batch).toMatchObject({ status: 'ready', ...counts });
    expect(queries).toEqual([expect.stringContaining("Batch = 'b'")]);
  });

  it('counts deleted jobs, and those that exist again by their status', async () => {
    const closed = read('COMPLETED', { a: 'ready', b: 'failed' }, [], ['b', 'c']);
    expect(await closed.batch).toMatchObject({ ready: 1, failed: 1, deleted: 1, missing: 0 });
    const open = read('RUNNING', { a: 'ready' }, [], ['c']);
    expect(await open.batch).toMatchObject({ waiting: 1, deleted: 1, missing: 0 });
  });

  it('counts the jobs that a paused batch will start as waiting', async () => {
    const { batch } = read('PAUSED', { a: 'ready' });
    expect(await batch).toMatchObject({ status: 'processing', waiting: 2, missing: 0 });
  });

  it('lists nothing in Temporal if all jobs have events', async () => {
    const { batch, queries } = read('COMPLETED', { a: 'ready', b: 'failed', c: 'cancelled' });
    expect(await batch).toMatchObject({ status: 'ready', ready: 1, failed: 1, cancelled: 1 });
    expect(queries).toEqual([]);
  });

  it.each([
    ['RUNNING', {}, 'processing'],
    ['COMPLETED', { a: 'predictable' }, 'processing'],
    ['CANCELLED', { a: 'ready' }, 'cancelled'],
    ['TERMINATED', { a: 'ready' }, 'cancelled'],
    ['FAILED', { a: 'ready' }, 'failed'],
    [undefined, { a: 'ready' }, 'ready'],
  ] as const)('of a run that is %s with %o has the status %s', async (run, events, status) => {
    expect(await read(run, events).batch).toMatchObject({ status });
  });
});
