import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { beforeEach, describe, expect, it } from 'vitest';
import type { EventDocument } from '../domain/job/event.js';
import { BUCKETS, keys } from '../domain/names.js';
import type { DocumentStore } from '../domain/ports/document-store.js';
import type { ObjectStore } from '../domain/ports/object-store.js';
import { encodePart } from '../domain/result/part.js';
import { encodeTrackPart } from '../domain/track/track-part.js';
import { eventDocument } from '../test/support/events.js';
import { createMemoryDocumentStore } from '../test/support/memory-document-store.js';
import { createMemoryObjectStore } from '../test/support/memory-object-store.js';
import { planOf } from '../test/support/plans.js';
import { indexJob, listIndexable } from './index-job.js';

const RESULT = { bucket: BUCKETS.results, key: keys.result('e1') };
const ended = (event_id: string, fields: Partial<EventDocument> = {}) =>
  eventDocument({
    ...{ event_id, video_id: 'cars', status: 'ready', closed_at: new Date(5), result: RESULT },
    ...fields,
  });

const INDEXED = {
  ...{ sightings: 1, poster_frame: 0, duration_ms: null, bytes: 1 },
  size: { width: 2, height: 2 },
};

let objects: ObjectStore;
beforeEach(async () => {
  objects = createMemoryObjectStore();
  await objects.ensureBucket(BUCKETS.results);
  await objects.ensureBucket(BUCKETS.videos);
  const row = {
    frame: 0,
    timestamp_ms: 0,
    objects: [{ class: 'dog', box: [0, 0, 1, 1] as const, conf: 1 }],
  };
  const part = encodePart({ device: 'cpu', rows: [row], skipped: [], failed: [] });
  await objects.put(BUCKETS.results, keys.part('e1', 0), part);
  await objects.put(BUCKETS.results, keys.plan('e1'), JSON.stringify(planOf([4], 1)));
});

/** Runs the activity as a worker does. */
function index(documents: DocumentStore): Promise<boolean> {
  const environment = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
  const run = (event_id: string) => indexJob({ objects, documents }, { event_id });
  return environment.run(run, 'e1');
}

describe('indexJob', () => {
  it('stores the sightings of an ended job, once', async () => {
    const documents = createMemoryDocumentStore({ events: [ended('e1')] });
    expect(await index(documents)).toBe(true);
    expect(await index(documents)).toBe(true);
    expect(await documents.sightings.list({ limit: 5 })).toMatchObject([
      { class: 'dog', event_id: 'e1', at: new Date(0) },
    ]);
    expect(await documents.findEvent('e1')).toMatchObject({ indexed: { sightings: 1 } });
    expect(await documents.libraryVideos.list({ limit: 5 })).toMatchObject([{ event_id: 'e1' }]);
  });

  it('stores the tracks of the objects', async () => {
    const plan = planOf([4], 1);
    const tracked = { ...plan, parameters: { ...plan.parameters, tracking: true } };
    await objects.put(BUCKETS.results, keys.plan('e1'), JSON.stringify(tracked));
    const state = { next_id: 8, last: null, last_ms: 0, interval_ms: null, tracks: [] };
    const tracks = encodeTrackPart({ frames: [{ frame: 0, ids: [7] }], ended: [], state });
    await objects.put(BUCKETS.results, keys.tracks('e1', 0), tracks);
    const documents = createMemoryDocumentStore({ events: [ended('e1')] });
    expect(await index(documents)).toBe(true);
    expect(await documents.sightings.list({ limit: 5 })).toMatchObject([
      { class: 'dog', track_id: 7 },
    ]);
  });

  it('stores the spans of a cancelled job, which has no tracks', async () => {
    const plan = planOf([4], 1);
    const tracked = { ...plan, parameters: { ...plan.parameters, tracking: true } };
    await objects.put(BUCKETS.results, keys.plan('e1'), JSON.stringify(tracked));
    const documents = createMemoryDocumentStore({ events: [ended('e1', { status: 'cancelled' })] });
    expect(await index(documents)).toBe(true);
    const [sighting] = await documents.sightings.list({ limit: 5 });
    expect(sighting).not.toHaveProperty('track_id');
  });

  it.each([
    ['that is unknown', []],
    ['that is running again', [ended('e1', { status: 'processing' })]],
    ['without a result', [ended('e1', { status: 'failed', result: null })]],
  ])('does nothing for a job %s', async (_, events) => {
    const documents = createMemoryDocumentStore({ events });
    expect(await index(documents)).toBe(false);
    expect(await documents.sightings.list({ limit: 5 })).toEqual([]);
  });

  it('leaves nothing of a job that is deleted in the meantime', async () => {
    const documents = createMemoryDocumentStore({ events: [ended('e1')] });
    // The deletion ends after the first look at the event, and before its sightings are stored.
    let isDeleted = false;
    const deleting: DocumentStore = {
      ...documents,
      sightings: {
        ...documents.sightings,
        removeOfJob: async (id) => {
          const removed = await documents.sightings.removeOfJob(id);
          if (!isDeleted) await documents.deleteJob(id);
          isDeleted = true;
          return removed;
        },
      },
    };
    expect(await index(deleting)).toBe(false);
    expect(await documents.sightings.list({ limit: 5 })).toEqual([]);
    expect(await documents.libraryVideos.list({ limit: 5 })).toEqual([]);
  });
});

describe('listIndexable', () => {
  const documents = createMemoryDocumentStore({
    events: [
      ended('a', { indexed: INDEXED }),
      ended('b'),
      ended('c', { status: 'processing', closed_at: null }),
    ],
  });
  const list = async (all: boolean) => {
    const before = new Date(10).toISOString();
    return (await listIndexable({ documents }, { before, all })).event_ids;
  };

  it('has ended jobs that are not indexed', async () => {
    expect(await list(false)).toEqual(['b']);
  });

  it('has all ended jobs on request', async () => {
    expect(await list(true)).toEqual(['a', 'b']);
  });
});
