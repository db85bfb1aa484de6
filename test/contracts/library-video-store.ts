import { beforeEach, describe, expect, it } from 'vitest';
import type { DocumentStore } from '../../domain/ports/document-store.js';
import type { LibraryVideo } from '../../domain/search/library-video.js';
import { refreshVideo } from '../../domain/search/refresh-video.js';
import { eventDocument } from '../support/events.js';

/** Suite for the videos with a result of every implementation of {@link DocumentStore}. */
export function libraryVideoStoreContract(name: string, create: () => DocumentStore): void {
  describe(`${name} as a store of videos with a result`, () => {
    let store: DocumentStore;
    let id: string;
    let cases = 0;
    beforeEach(() => {
      store ??= create();
      id = `library-${process.pid}-${cases++}`;
    });

    const indexed = {
      ...{ sightings: 2, poster_frame: 5, duration_ms: 1000, bytes: 7 },
      size: { width: 4, height: 2 },
    };
    const insertJob = (job: string, hour: number, isIndexed = true) =>
      store.insertEvent(
        eventDocument({
          ...{ event_id: `${id}-${job}`, video_id: id, video_name: 'a.mp4', classes: ['dog'] },
          created_at: new Date(Date.UTC(2026, 4, 4, hour)),
          ...(isIndexed && { indexed }),
        }),
      );
    const query = () => ({ bucket: 'videos', videoId: id });
    const find = () => store.libraryVideos.findMany('videos', [id, `${id}-absent`]);

    it('has what the newest job with a result has of a video', async () => {
      await insertJob('a', 8);
      await insertJob('b', 9);
      await insertJob('c', 10, false);
      await refreshVideo(store, query());
      await refreshVideo(store, query());
      expect(await find()).toMatchObject([
        { video_id: id, name: 'a.mp4', event_id: `${id}-b`, classes: ['dog'], ...indexed },
      ]);
      await refreshVideo(store, { ...query(), except: `${id}-b` });
      expect(await find()).toMatchObject([{ event_id: `${id}-a` }]);
    });

    it('has no video without a result', async () => {
      await insertJob('a', 8);
      await refreshVideo(store, query());
      await refreshVideo(store, { ...query(), except: `${id}-a` });
      expect(await find()).toEqual([]);
    });

    it('lists the videos with the newest jobs first, in pages', async () => {
      await insertJob('a', 8);
      await refreshVideo(store, query());
      const [video] = await find();
      // Places before those of all other tests.
      const more = ['0', '1'].map((place): LibraryVideo => ({
        ...video!,
        ...{ video_id: `${id}-${place}`, place: `00000/${id}-${place}` },
      }));
      for (const each of more.toReversed()) await store.libraryVideos.put(each);
      const first = await store.libraryVideos.list({ limit: 1, after: `00000/${id}` });
      expect(first).toEqual([more[0]]);
      const after = first[0]?.place;
      expect(await store.libraryVideos.list({ limit: 1, after })).toEqual([more[1]]);
      for (const each of more) await store.libraryVideos.remove(each.bucket, each.video_id);
      await store.libraryVideos.remove('videos', id);
      expect(await find()).toEqual([]);
    });
  });
}
