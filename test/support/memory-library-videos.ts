import type { LibraryVideoStore } from '../../domain/ports/library-video-store.js';
import type { LibraryVideo } from '../../domain/search/library-video.js';

/** Videos that have a result in memory; passes the contract of `test/contracts/library-video-store.ts`. */
export function createMemoryLibraryVideos(): LibraryVideoStore {
  const stored = new Map<string, LibraryVideo>();
  const keyOf = (bucket: string, videoId: string) => `${bucket}/${videoId}`;
  return {
    put: (video) => {
      stored.set(keyOf(video.bucket, video.video_id), video);
      return Promise.resolve();
    },
    remove: (bucket, videoId) => {
      stored.delete(keyOf(bucket, videoId));
      return Promise.resolve();
    },
    findMany: (bucket, videoIds) =>
      Promise.resolve(videoIds.flatMap((id) => stored.get(keyOf(bucket, id)) ?? [])),
    list: ({ limit, after = '' }) =>
      Promise.resolve(
        [...stored.values()]
          .filter(({ place }) => place > after)
          .sort((a, b) => (a.place < b.place ? -1 : 1))
          .slice(0, limit),
      ),
  };
}
