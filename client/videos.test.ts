import { beforeEach, describe, expect, it } from 'vitest';
import { BUCKETS, keys, NAME_METADATA } from '../domain/names.js';
import type { DocumentStore } from '../domain/ports/document-store.js';
import type { ObjectStore } from '../domain/ports/object-store.js';
import type { LibraryVideo } from '../domain/search/library-video.js';
import { timePrefix } from '../domain/search/sighting.js';
import { createMemoryDocumentStore } from '../test/support/memory-document-store.js';
import { createMemoryObjectStore } from '../test/support/memory-object-store.js';
import { listVideos } from './videos.js';

let store: ObjectStore;
let documents: DocumentStore;
beforeEach(async () => {
  store = createMemoryObjectStore();
  documents = createMemoryDocumentStore();
  await store.ensureBucket(BUCKETS.videos);
  for (const id of ['b', 'a', 'c']) {
    const metadata = { [NAME_METADATA]: encodeURIComponent(`Straße ${id}.mp4`) };
    await store.put(BUCKETS.videos, keys.video(id), 'bytes', { metadata });
  }
});

const idsOf = ({ videos }: Awaited<ReturnType<typeof listVideos>>) =>
  videos.map(({ video_id }) => video_id);

const detectedIn = (video_id: string, day: number): LibraryVideo => ({
  ...{ bucket: BUCKETS.videos, video_id, name: `${video_id}.mp4`, event_id: `job-${video_id}` },
  ...{ detected_at: new Date(day), place: `${timePrefix(new Date(day))}/${video_id}` },
  ...{ classes: ['dog'], sightings: 3, poster_frame: 5, duration_ms: 1000, bytes: 5 },
  size: { width: 4, height: 2 },
});

describe('the list of videos', () => {
  it('has each video once over its pages', async () => {
    const first = await listVideos({ objects: store, documents }, { limit: 2 });
    expect([idsOf(first), first.next]).toEqual([['a', 'b'], 'b']);
    const second = await listVideos(
      { objects: store, documents },
      { limit: 2, cursor: first.next! },
    );
    expect([idsOf(second), second.next]).toEqual([['c'], null]);
  });

  it('returns the original name and the size', async () => {
    const { videos } = await listVideos({ objects: store, documents });
    expect(videos[0]).toEqual({ video_id: 'a', name: 'Straße a.mp4', size: 5, detected: null });
  });

  it('has videos of other programs without a name, and no objects that are not videos', async () => {
    await store.put(BUCKETS.videos, keys.video('d'), 'bytes');
    await store.put(BUCKETS.videos, 'input/notes.txt', 'text');
    await store.put(BUCKETS.videos, keys.upload('e'), 'bytes');
    const { videos } = await listVideos({ objects: store, documents }, { cursor: 'c' });
    expect(videos).toEqual([{ video_id: 'd', name: null, size: 5, detected: null }]);
  });

  it('has what was detected in a video', async () => {
    await documents.libraryVideos.put(detectedIn('b', 1));
    const { videos } = await listVideos({ objects: store, documents });
    expect(videos.map(({ detected }) => detected?.event_id ?? null)).toEqual([null, 'job-b', null]);
    expect(videos[1]!.detected).toEqual({
      ...{ event_id: 'job-b', detected_at: new Date(1).toISOString(), classes: ['dog'] },
      ...{ sightings: 3, poster_frame: 5, duration_ms: 1000, width: 4, height: 2 },
    });
  });

  it('has those with a result, the newest job first', async () => {
    for (const [id, day] of [
      ['b', 1],
      ['a', 3],
      ['c', 2],
    ] as const) {
      await documents.libraryVideos.put(detectedIn(id, day));
    }
    const read = (cursor?: string) =>
      listVideos({ objects: store, documents }, { order: 'newest', limit: 2, cursor });
    const first = await read();
    expect(idsOf(first)).toEqual(['a', 'c']);
    const second = await read(first.next!);
    expect([idsOf(second), second.next]).toEqual([['b'], null]);
    await expect(read('b')).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('rejects a cursor that is not an id', async () => {
    await expect(
      listVideos({ objects: store, documents }, { cursor: '../x' }),
    ).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
  });
});
