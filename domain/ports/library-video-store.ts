import type { LibraryVideo } from '../search/library-video.js';

/** Videos that have a result. */
export interface LibraryVideoStore {
  /** Stores a video, in place of an earlier one with its bucket and id. */
  put(video: LibraryVideo): Promise<void>;
  /** Removes a video; does nothing if it is not stored. */
  remove(bucket: string, videoId: string): Promise<void>;
  /** Videos with these ids, in any order. */
  findMany(bucket: string, videoIds: readonly string[]): Promise<LibraryVideo[]>;
  /** Videos of any bucket, the newest job first. */
  list(query: {
    readonly limit: number;
    /** Only videos after this `place`. */
    readonly after?: string | undefined;
  }): Promise<LibraryVideo[]>;
}
