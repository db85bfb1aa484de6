import { beforeEach, describe, expect, it } from 'vitest';
import { BUCKETS, keys } from '../../domain/names.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import { collect } from '../../test/support/collect.js';
import { eventDocument } from '../../test/support/events.js';
import { createMemoryDocumentStore } from '../../test/support/memory-document-store.js';
import { createMemoryObjectStore } from '../../test/support/memory-object-store.js';
import type { VidetteClientDeps } from '../deps.js';
import { deleteVideo } from './delete-video.js';

let objects: ObjectStore;
beforeEach(async () => {
  objects = createMemoryObjectStore();
  await objects.ensureBucket(BUCKETS.videos);
  await objects.put(BUCKETS.videos, keys.video('clip'), 'a video');
});

interface World {
  readonly jobs?: readonly string[];
  /** Ids of running workflows that have no event. */
  readonly running?: readonly string[];
  /** Ids of running batches with a job of the video. */
  readonly batches?: readonly string[];
  readonly schedules?: readonly string[];
  readonly bucket?: string;
}

async function run(
  videoId: string,
  { jobs = [], running = [], batches = [], schedules = [], bucket }: World = {},
) {
  const events = jobs.map((event_id) =>
    eventDocument({ event_id, status: 'ready', ...(bucket && { bucket }) }),
  );
  const temporal = {
    workflow: {
      list: async function* ({ query }: { readonly query: string }) {
        await Promise.resolve();
        if (query.includes('VideoBatch')) {
          yield* ['other', ...batches].map((id) => ({ workflowId: `video-batch/${id}` }));
          return;
        }
        yield* running.map((id) => ({
          workflowId: `video-detection/${id}`,
          typedSearchAttributes: { get: () => id },
        }));
      },
    },
    schedule: {
      list: async function* () {
        await Promise.resolve();
        yield* schedules.map((scheduleId) => ({
          ...{ scheduleId, memo: { video_id: 'clip' }, state: { paused: false } },
          action: { workflowType: 'VideoDetection' },
          info: { nextActionTimes: [], recentActions: [] },
        }));
      },
    },
  };
  const documents = createMemoryDocumentStore({ events });
  const batch = { created_at: new Date(0), options: {}, priority: null };
  const jobOf = (video_id: string) => [{ video_id, event_id: `${video_id}-job` }];
  await documents.batches.insert({ ...batch, batch_id: 'other', jobs: jobOf('elsewhere') });
  for (const batch_id of batches)
    await documents.batches.insert({ ...batch, batch_id, jobs: jobOf('clip') });
  // The parts that are used.
  return deleteVideo({ objects, documents, temporal } as unknown as VidetteClientDeps, videoId);
}

const isStored = async () => (await objects.stat(BUCKETS.videos, keys.video('clip'))) !== undefined;

describe('deleteVideo', () => {
  it('deletes a video that nothing uses, with its zones', async () => {
    await objects.ensureBucket(BUCKETS.results);
    for (const video of ['clip', 'clip-2']) {
      await objects.put(BUCKETS.results, keys.zoneSet(BUCKETS.videos, video, 'gate'), '{}');
    }
    await run('clip', { jobs: ['elsewhere'], bucket: 'other-bucket' });
    expect(await collect(objects.list(BUCKETS.results, ''))).toEqual([
      'zones/videos/clip-2/gate.json',
    ]);
    expect(await isStored()).toBe(false);
    await expect(run('clip')).rejects.toMatchObject({ code: 'VIDEO_NOT_FOUND' });
  });

  it.each<[string, World, string]>([
    ['a finished job', { jobs: ['a'] }, 'job a.'],
    ['a job that has no event yet', { running: ['b'] }, 'job b.'],
    ['a running batch', { batches: ['all'] }, 'batch all.'],
    ['a schedule', { schedules: ['nightly'] }, 'schedule nightly.'],
    [
      'many',
      { jobs: ['a', 'b', 'c', 'd'], running: ['a', 'e'], schedules: ['x'] },
      'job a, job b, job c and others.',
    ],
  ])('keeps a video that is used by %s', async (_, world, named) => {
    const error: unknown = await run('clip', world).catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: 'VIDEO_IN_USE' });
    expect(String(error)).toContain(`by ${named}`);
    expect(await isStored()).toBe(true);
  });

  it('rejects an id that is not an id', async () => {
    await expect(run("x' OR 'a")).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });
});
