import { beforeEach, describe, expect, it } from 'vitest';
import { BUCKETS, keys, NAME_METADATA } from '../domain/names.js';
import type { ObjectStore } from '../domain/ports/object-store.js';
import { createMemoryObjectStore } from '../test/support/memory-object-store.js';
import { listVideos } from './videos.js';

let store: ObjectStore;
beforeEach(async () => {
  store = createMemoryObjectStore();
  await store.ensureBucket(BUCKETS.videos);
  for (const id of ['b', 'a', 'c']) {
    const metadata = { [NAME_METADATA]: encodeURIComponent(`Straße ${id}.mp4`) };
    await store.put(BUCKETS.videos, keys.video(id), 'bytes', { metadata });
  }
});

const idsOf = ({ videos }: Awaited<ReturnType<typeof listVideos>>) =>
  videos.map(({ video_id }) => video_id);

describe('the list of videos', () => {
  it('has each video once over its pages', async () => {
    const first = await listVideos(store, { limit: 2 });
    expect([idsOf(first), first.next]).toEqual([['a', 'b'], 'b']);
    const second = await listVideos(store, { limit: 2, cursor: first.next! });
    expect([idsOf(second), second.next]).toEqual([['c'], null]);
  });

  it('returns the original name and the size', async () => {
    const { videos } = await listVideos(store);
    expect(videos[0]).toEqual({ video_id: 'a', name: 'Straße a.mp4', size: 5 });
  });

  it('has videos of other programs without a name, and no objects that are not videos', async () => {
    await store.put(BUCKETS.videos, keys.video('d'), 'bytes');
    await store.put(BUCKETS.videos, 'input/notes.txt', 'text');
    await store.put(BUCKETS.videos, keys.upload('e'), 'bytes');
    const { videos } = await listVideos(store, { cursor: 'c' });
    expect(videos).toEqual([{ video_id: 'd', name: null, size: 5 }]);
  });

  it('rejects a cursor that is not an id', async () => {
    await expect(listVideos(store, { cursor: '../x' })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
  });
});
