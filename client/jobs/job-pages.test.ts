import type { WorkflowExecutionInfo, WorkflowExecutionStatusName } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import type { EventDocument } from '../../domain/job/event.js';
import type { JobStatus } from '../../domain/job/job-status.js';
import type { EventPosition, EventQuery } from '../../domain/ports/document-store.js';
import { localModel } from '../../test/support/lane-jobs.js';
import { createMemoryDocumentStore } from '../../test/support/memory-document-store.js';
import { type JobListDeps, jobPage, type JobPageOptions } from './job-pages.js';

/** Seconds after an arbitrary time. */
const time = (seconds: number) => new Date(Date.UTC(2026, 0, 1) + seconds * 1000);

interface Event {
  readonly id: string;
  readonly at: number;
  readonly status?: JobStatus;
}
interface Run {
  readonly id: string;
  readonly at: number;
  readonly state?: WorkflowExecutionStatusName;
}

const eventOf = ({ id, at, status = 'ready' }: Event): EventDocument => {
  const fields = { video_id: 'clip', error: null, closed_at: null };
  const model = { name: 'mock', version: 1, sha256: '' };
  const event: Partial<EventDocument> = {
    ...{ ...fields, event_id: id, created_at: time(at), status, model },
  };
  return event as EventDocument; // the fields that a list reads
};

const runOf = ({ id, at, state = 'RUNNING' }: Run): WorkflowExecutionInfo => {
  const run: Partial<WorkflowExecutionInfo> = {
    ...{ workflowId: `video-detection/${id}`, runId: `${id}-${at}`, startTime: time(at) },
    ...{ status: { code: 0, name: state }, typedSearchAttributes: new TypedSearchAttributes() },
  };
  return run as WorkflowExecutionInfo; // the fields that a list reads
};

/** Events, and runs whose `JobStatus` is not set; `calls` records the calls to either. */
function setUp(events: readonly Event[], runs: readonly Run[] = []) {
  const calls: string[] = [];
  const documents: JobListDeps['documents'] = {
    listEvents: (query) => {
      calls.push('listEvents');
      return Promise.resolve(select(events.map(eventOf), query));
    },
    findStatuses: (ids) => {
      calls.push('findStatuses');
      const found = events.filter(({ id }) => ids.includes(id));
      return Promise.resolve(new Map(found.map(({ id, status = 'ready' }) => [id, status])));
    },
    batches: createMemoryDocumentStore().batches,
  };
  // eslint-disable-next-line @typescript-eslint/require-await -- that of Temporal is asynchronous
  const list = async function* () {
    calls.push('list');
    yield* runs.map(runOf);
  };
  // The aliases of each model refer to version 7.
  const models = {
    resolve: (spec = '') => Promise.resolve(localModel(spec.split('@')[0]!, 7).manifest),
  };
  return { deps: { documents, models, temporal: { workflow: { list } } }, calls };
}

function select(events: EventDocument[], { limit, status, text = '', after }: EventQuery) {
  const rank = ({ created_at, event_id }: EventPosition) =>
    `${created_at.toISOString()} ${event_id}`;
  return events
    .filter((event) => (!status || event.status === status) && event.event_id.includes(text))
    .sort((a, b) => (rank(a) > rank(b) ? -1 : 1))
    .filter((event) => !after || rank(event) < rank(after))
    .slice(0, limit);
}

async function pagesOf(deps: JobListDeps, options: JobPageOptions): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await jobPage(deps, { ...options, cursor });
    ids.push(...page.jobs.map(({ event_id }) => event_id));
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return ids;
}

const EVENTS: readonly Event[] = [
  ...[1, 2, 3, 3, 3, 5].map((at, i) => ({ id: `e${i}`, at })),
  { id: 'failed', at: 4, status: 'failed' },
];
const RUNS: readonly Run[] = [
  { id: 'queued', at: 9 },
  { id: 'no-video', at: 3, state: 'FAILED' },
];
const ALL = ['queued', 'e5', 'failed', 'no-video', 'e4', 'e3', 'e2', 'e1', 'e0'];

describe('jobPage', () => {
  it.each([1, 2, 3, 4, 100])('lists each job once, newest first, by pages of %i', async (limit) => {
    expect(await pagesOf(setUp(EVENTS, RUNS).deps, { limit })).toEqual(ALL);
  });

  it.each<[JobPageOptions, string[]]>([
    [{ status: 'processing' }, ['queued']],
    [{ status: 'failed' }, ['failed', 'no-video']],
    [{ status: 'predictable' }, []],
    [{ text: 'QUEUED' }, ['queued']],
    [{ text: 'e4' }, ['e4']],
  ])('filters by %j', async (options, expected) => {
    expect(await pagesOf(setUp(EVENTS, RUNS).deps, { limit: 2, ...options })).toEqual(expected);
  });

  it.each<[JobPageOptions, string[]]>([
    [{ since: time(9) }, ['queued']],
    [{ since: time(10) }, []],
    [{ video: 'clip' }, []],
    [{ model: 'mock' }, []],
    [{ className: 'dog' }, []],
  ])('filters jobs without an event by %j', async (options, expected) => {
    expect(await pagesOf(setUp([], RUNS).deps, options)).toEqual(expected);
  });

  it.each([
    ['yolo', { name: 'yolo' }],
    ['yolo@2', { name: 'yolo', version: 2 }],
    ['models:/yolo/2', { name: 'yolo', version: 2 }],
    ['yolo@champion', { name: 'yolo', version: 7 }],
    ['yolo@latest', { name: 'yolo', version: 7 }],
  ])('selects events of the model %s', async (model, expected) => {
    const { deps } = setUp([]);
    const queries: EventQuery[] = [];
    const listEvents = (query: EventQuery) => {
      queries.push(query);
      return Promise.resolve([]);
    };
    await jobPage({ ...deps, documents: { ...deps.documents, listEvents } }, { model });
    expect(queries).toEqual([expect.objectContaining({ model: expected })]);
  });

  it('filters by a batch, also jobs without an event', async () => {
    const { deps } = setUp([], RUNS);
    const queries: EventQuery[] = [];
    const listEvents = (query: EventQuery) => {
      queries.push(query);
      return Promise.resolve([]);
    };
    const jobs = ['queued', 'other'].map((id) => ({ video_id: 'clip', event_id: id }));
    const { documents } = deps;
    const fields = { created_at: time(0), options: {}, priority: null };
    await documents.batches.insert({ ...fields, batch_id: 'b', jobs });
    const withQueries = { ...deps, documents: { ...documents, listEvents } };
    expect(await pagesOf(withQueries, { batch: 'b' })).toEqual(['queued']);
    expect(queries).toEqual([expect.objectContaining({ eventIds: ['queued', 'other'] })]);
    await expect(jobPage(deps, { batch: 'none' })).rejects.toMatchObject({
      code: 'BATCH_NOT_FOUND',
    });
  });

  it('rejects a model that is not in one of the forms', async () => {
    await expect(jobPage(setUp([]).deps, { model: 'yolo@0' })).rejects.toThrow(/yolo@0/);
  });

  it('omits a run whose job has an event, on whatever page that is', async () => {
    const { deps } = setUp(EVENTS, [{ id: 'e0', at: 9 }]);
    const { jobs } = await jobPage(deps, { limit: 2 });
    expect(jobs.map(({ event_id }) => event_id)).toEqual(['e5', 'failed']);
  });

  it('lists the newest run of a job without an event once', async () => {
    const runs = [7, 9, 8].map((at) => ({ id: 'again', at, state: 'FAILED' as const }));
    expect(await pagesOf(setUp(EVENTS, runs).deps, { limit: 1 })).toEqual([
      'again',
      ...ALL.filter((id) => !['queued', 'no-video'].includes(id)),
    ]);
  });

  it('makes the same three calls for a page of any size', async () => {
    const events = Array.from({ length: 500 }, (_, at) => ({ id: `many-${at}`, at }));
    const { deps, calls } = setUp(events, RUNS);
    expect((await jobPage(deps, { limit: 400 })).jobs).toHaveLength(400);
    expect(calls).toEqual(['list', 'listEvents', 'findStatuses']);
  });

  it('keeps its place when a job is added', async () => {
    const events = [...EVENTS];
    const { deps } = setUp(events);
    const first = await jobPage(deps, { limit: 2 });
    events.push({ id: 'newer', at: 20 });
    const { jobs } = await jobPage(deps, { limit: 2, cursor: first.next! });
    expect(jobs.map(({ event_id }) => event_id)).toEqual(['e4', 'e3']);
  });
});
