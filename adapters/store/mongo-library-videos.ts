import type { Collection } from 'mongodb';
import { LIBRARY_VIDEOS } from '../../domain/collections.js';
import { expectId } from '../../domain/names.js';
import type { LibraryVideoStore } from '../../domain/ports/library-video-store.js';
import type { LibraryVideo } from '../../domain/search/library-video.js';
import { findByIds, type IsFerretDb } from './ferretdb.js';
import type { RunQuery } from './mongo-queries.js';

export type StoredLibraryVideo = LibraryVideo & { readonly _id: string };

/** Videos that have a result in MongoDB. */
export function createLibraryVideos(
  videos: Collection<StoredLibraryVideo>,
  run: RunQuery,
  isFerretDb: IsFerretDb,
): LibraryVideoStore {
  const runQuery = <T>(query: () => Promise<T>) => run(LIBRARY_VIDEOS, query);
  return {
    put: async (video) => {
      const filter = { _id: keyOf(video.bucket, video.video_id) };
      await runQuery(() => videos.replaceOne(filter, video, { upsert: true }));
    },
    remove: async (bucket, videoId) => {
      await runQuery(() => videos.deleteOne({ _id: keyOf(bucket, videoId) }));
    },
    findMany: async (bucket, videoIds) => {
      const ids = videoIds.map((id) => keyOf(bucket, id));
      return (await runQuery(() => findByIds(videos, ids, isFerretDb))).map(withoutId);
    },
    list: async ({ limit, after }) => {
      const filter = after === undefined ? {} : { place: { $gt: after } };
      const options = { limit, sort: { place: 1 } } as const;
      return (await runQuery(() => videos.find(filter, options).toArray())).map(withoutId);
    },
  };
}

function keyOf(bucket: string, videoId: string): string {
  return `${bucket}/${expectId('a video_id', videoId)}`;
}

function withoutId({ _id, ...video }: StoredLibraryVideo): LibraryVideo {
  return video;
}
