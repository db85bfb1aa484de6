import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { beforeEach, describe, expect, it } from 'vitest';
import type { BatchDocument } from '../domain/job/batch.js';
import type { EventDocument } from '../domain/job/event.js';
import { BUCKETS, keys } from '../domain/names.js';
import type { DocumentStore } from '../domain/ports/document-store.js';
import type { ObjectStore } from '../domain/ports/object-store.js';
import type { PartUpload, PartUploads } from '../domain/ports/part-uploads.js';
import type { JobRuns } from '../domain/ports/runs.js';
import { batchWorkflowIdOf, clipWorkflowIdOf, reelWorkflowIdOf } from '../domain/workflow-ids.js';
import { eventDocument } from '../test/support/events.js';
import { createMemoryDocumentStore } from '../test/support/memory-document-store.js';
import { createMemoryObjectStore } from '../test/support/memory-object-store.js';
import { deleteJobData, endRuns } from './delete-job.js';
import { markClip } from './clip-store.js';
import { markReel } from './reel-store.js';

let objects: ObjectStore;
let documents: DocumentStore;
let uploads: PartUpload[];
let runningBatch: string | undefined;
beforeEach(async () => {
  objects = createMemoryObjectStore();
  documents = createMemoryDocumentStore();
  uploads = [];
  runningBatch = undefined;
  for (const bucket of Object.values(BUCKETS)) await objects.ensureBucket(bucket);
});

const upload = (bucket: string, key: string): PartUpload => ({ bucket, key, id: key });

/** Lists uploads by their exact key, as some stores do. */
const partUploads: Pick<PartUploads, 'unfinished' | 'abort'> = {
  unfinished: async function* (bucket, prefix) {
    await Promise.resolve();
    yield* uploads.filter((each) => each.bucket === bucket && each.key === prefix);
  },
  abort: ({ id }) => {
    uploads = uploads.filter((each) => each.id !== id);
    return Promise.resolve();
  },
};

function run<Input, Output>(
  activity: (deps: Deps, input: Input) => Promise<Output>,
  input: Input,
): Promise<Output> {
  const environment = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
  const isWorkflowRunning = (id: string) =>
    Promise.resolve(runningBatch !== undefined && id === batchWorkflowIdOf(runningBatch));
  const jobRuns = { isWorkflowRunning };
  const deps = { objects, documents, jobRuns, partUploads: partUploads as PartUploads };
  return environment.run<[Deps, Input], Output, typeof activity>(activity, deps, input);
}

interface Deps {
  readonly objects: ObjectStore;
  readonly documents: DocumentStore;
  readonly jobRuns: Pick<JobRuns, 'isWorkflowRunning'>;
  readonly partUploads: PartUploads;
}

const REEL = { a: 'a', b: 'b', conf_a: 0.25, conf_b: 0.3 };
const CLIP = { event_id: 'a', from_ms: 0, to_ms: 800.5, boxes: 'track-7' } as const;

const KEYS = (id: string): readonly (readonly [bucket: string, key: string])[] => [
  [BUCKETS.results, keys.result(id)],
  [BUCKETS.results, keys.render(id, 'annotated')],
  [BUCKETS.results, keys.render(id, 'preview')],
  [BUCKETS.results, keys.part(id, 0)],
  [BUCKETS.results, keys.plan(id)],
  [BUCKETS.results, keys.frameTable(id)],
  [BUCKETS.frames, keys.frame(id, 0)],
  [BUCKETS.frames, keys.pack(id, 1)],
  [BUCKETS.frames, keys.frameIndex(id, 1)],
];

async function storeJob(id: string, fields: Partial<EventDocument> = {}): Promise<void> {
  for (const [bucket, key] of KEYS(id)) await objects.put(bucket, key, 'x');
  await documents.insertEvent(eventDocument({ event_id: id, status: 'ready', ...fields }));
}

async function storedKeys(): Promise<string[]> {
  const found: string[] = [];
  for (const bucket of Object.values(BUCKETS)) {
    for await (const key of objects.list(bucket, '')) found.push(key);
  }
  return found.sort();
}

const batchOf = (batch_id: string, ids: readonly string[]): BatchDocument => ({
  ...{ batch_id, created_at: new Date(0), options: {}, priority: null },
  jobs: ids.map((event_id) => ({ video_id: 'clip', event_id })),
});

const keysOf = (id: string) =>
  KEYS(id)
    .map(([, key]) => key)
    .sort();

describe('deleteJobData', () => {
  it('removes everything of a job, and nothing of jobs with similar ids', async () => {
    for (const id of ['a', 'a-b', 'aa', 'b']) await storeJob(id);
    await objects.put(BUCKETS.videos, keys.video('a'), 'a video');
    const input = { event_id: 'a' };
    expect(await run(deleteJobData, input)).toEqual({ objects: 9, documents: 1 });
    const kept = ['a-b', 'aa', 'b'].flatMap(keysOf);
    expect(await storedKeys()).toEqual([...kept, keys.video('a')].sort());
    expect(await documents.findEvent('a')).toBeUndefined();
    expect(await documents.findEvent('a-b')).toBeDefined();
    expect(await run(deleteJobData, input)).toEqual({ objects: 0, documents: 0 });
  });

  it('removes more objects than one page of a list has', async () => {
    for (let frame = 0; frame < 2001; frame++) {
      await objects.put(BUCKETS.frames, keys.frame('a', frame), 'x');
    }
    expect(await run(deleteJobData, { event_id: 'a' })).toEqual({ objects: 2001, documents: 0 });
    expect(await storedKeys()).toEqual([]);
  });

  it('aborts uploads that were not completed', async () => {
    uploads = ['a', 'b'].map((id) => upload(BUCKETS.results, keys.result(id)));
    uploads.push(upload(BUCKETS.results, keys.render('a', 'annotated')));
    await run(deleteJobData, { event_id: 'a' });
    expect(uploads.map(({ key }) => key)).toEqual([keys.result('b')]);
  });

  it('keeps the event until everything else is removed', async () => {
    await storeJob('a');
    const remove: ObjectStore['remove'] = () => Promise.reject(new Error('unavailable'));
    const whole = objects;
    objects = { ...objects, remove };
    await expect(run(deleteJobData, { event_id: 'a' })).rejects.toThrow('unavailable');
    expect(await documents.findEvent('a')).toBeDefined();
    objects = whole;
    expect(await run(deleteJobData, { event_id: 'a' })).toEqual({ objects: 9, documents: 1 });
  });

  it.each(['a', 'b'])('removes the reels that show the job %s, and keeps others', async (id) => {
    for (const each of ['a', 'b', 'c']) await storeJob(each);
    const other = { ...REEL, a: 'c', b: 'c' };
    for (const reel of [REEL, { ...REEL, conf_b: 0.5 }, other]) {
      await markReel(objects, reel);
      await objects.put(BUCKETS.results, keys.reel(reel), 'a video');
    }
    await objects.remove(BUCKETS.results, keys.reel({ ...REEL, conf_b: 0.5 })); // is being rendered
    uploads = [upload(BUCKETS.results, keys.reel({ ...REEL, conf_b: 0.5 }))];
    expect(await run(deleteJobData, { event_id: id })).toEqual({ objects: 14, documents: 1 });
    const kept = (await storedKeys()).filter((key) => key.includes('.reel/'));
    expect(kept).toEqual([keys.reelUse('c', other), keys.reel(other)]);
    expect(uploads).toEqual([]);
  });

  it('removes a batch with its last job', async () => {
    for (const id of ['a', 'b', 'c']) await storeJob(id);
    await documents.batches.insert(batchOf('ab', ['a', 'b']));
    await documents.batches.insert(batchOf('abc', ['a', 'b', 'c']));
    const deleted = async (event_id: string) => (await run(deleteJobData, { event_id })).documents;
    expect(await deleted('a')).toBe(1);
    expect(await deleted('b')).toBe(2);
    expect(await documents.batches.find('ab')).toBeUndefined();
    expect(await documents.batches.find('abc')).toBeDefined();
  });

  it('keeps a batch that may start further jobs', async () => {
    await storeJob('a');
    await documents.batches.insert(batchOf('ab', ['a', 'b']));
    runningBatch = 'ab';
    await run(deleteJobData, { event_id: 'a' });
    expect(await documents.batches.find('ab')).toBeDefined();
  });

  it.each([
    ['removes the zones of a video that is not stored with its last job', false, [4, 1]],
    ['keeps the zones of a stored video', true, [4, 4]],
  ])('%s', async (_, isVideoStored, expected) => {
    for (const id of ['a', 'b']) await storeJob(id, { video_id: 'clip' });
    const { bucket } = (await documents.findEvent('a'))!;
    await objects.ensureBucket(bucket);
    if (isVideoStored) await objects.put(bucket, keys.video('clip'), 'a video');
    const zones = ['x', 'y', 'z'].map((name) => keys.zoneSet(bucket, 'clip', name));
    const other = keys.zoneSet(bucket, 'clip-2', 'x');
    for (const key of [...zones, other]) await objects.put(BUCKETS.results, key, '{}');
    const counts: number[] = [];
    for (const event_id of ['a', 'b']) {
      await run(deleteJobData, { event_id });
      counts.push((await storedKeys()).filter((key) => key.startsWith('zones/')).length);
    }
    expect(counts).toEqual(expected);
  });

  it('removes only the frames of a job that has ended', async () => {
    await storeJob('a');
    await storeJob('b', { status: 'processing' });
    const input = { event_id: 'a', frames_only: true };
    expect(await run(deleteJobData, input)).toEqual({ objects: 3, documents: 0 });
    const rest = keysOf('a').filter((key) => !key.startsWith('frames/'));
    expect(await storedKeys()).toEqual([...rest, ...keysOf('b')].sort());
    expect(await documents.findEvent('a')).toMatchObject({ status: 'ready' });
    const running = { event_id: 'b', frames_only: true };
    expect(await run(deleteJobData, running)).toEqual({ objects: 0, documents: 0 });
    expect(await storedKeys()).toEqual([...rest, ...keysOf('b')].sort());
  });
});

it('ends the runs of the workflow that the event names', async () => {
  await storeJob('a', { workflow_id: 'nightly-2026' });
  await markReel(objects, REEL);
  await markClip(objects, CLIP);
  const ended = { runs: [], running: false, settling: false };
  const requested: unknown[] = [];
  const jobRuns = {
    end: (job: object) => {
      requested.push(job);
      return Promise.resolve(ended);
    },
  };
  const input = { event_id: 'a', started_before: '2026-01-01T00:00:00.000Z', force: true };
  const deps = {
    documents,
    objects,
    jobRuns: {
      ...{ ...jobRuns, isRunning: never, delete: never },
      ...{ isBeingDeleted: never, isWorkflowRunning: never },
    },
  };
  expect(await endRuns(deps, input)).toBe(ended);
  const startedBefore = new Date(Date.UTC(2026, 0, 1));
  const renders = [reelWorkflowIdOf(REEL), clipWorkflowIdOf(CLIP)];
  expect(requested).toEqual([
    { eventId: 'a', workflowId: 'nightly-2026', renders, startedBefore, force: true },
  ]);
});

function never(): Promise<never> {
  return Promise.reject(new Error('not used'));
}
