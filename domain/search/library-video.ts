import type { EventDocument, IndexedResult } from '../job/event.js';
import type { LibraryVideoStore } from '../ports/library-video-store.js';
import { timePrefix } from './sighting.js';

/** Document of collection `videos`, `_id` = `{bucket}/{video_id}`: a video with a result. */
export interface LibraryVideo extends IndexedResult {
  readonly bucket: string;
  readonly video_id: string;
  /** Original name of the file; null if it is unknown. */
  readonly name: string | null;
  /** The newest job with a result. */
  readonly event_id: string;
  readonly detected_at: Date;
  /** Classes of the objects of this job, the most frequent first. */
  readonly classes: readonly string[];
  /** Sorts by `detected_at`, the newest first. */
  readonly place: string;
}

/** The events of which a video of the library is made, and the videos themselves. */
export interface LibraryDocuments {
  readonly libraryVideos: Pick<LibraryVideoStore, 'put' | 'remove'>;
  findNewestIndexed(query: IndexedQuery): Promise<EventDocument | undefined>;
}

/** Selects the newest job of a video whose result is indexed. */
export interface IndexedQuery {
  readonly bucket: string;
  readonly videoId: string;
  /** A job that is being deleted. */
  readonly except?: string | undefined;
}

/**
 * Stores what the newest job with a result has of a video, or removes the video from the library if
 * there is none. Can be repeated.
 */
export async function refreshVideo(documents: LibraryDocuments, query: IndexedQuery) {
  const event = await documents.findNewestIndexed(query);
  if (event?.indexed) await documents.libraryVideos.put(libraryVideoOf(event, event.indexed));
  else await documents.libraryVideos.remove(query.bucket, query.videoId);
}

function libraryVideoOf(event: EventDocument, indexed: IndexedResult): LibraryVideo {
  const { bucket, video_id, event_id, created_at, video_name = null, classes = [] } = event;
  return {
    ...{ bucket, video_id, name: video_name, event_id, detected_at: created_at, classes },
    place: `${timePrefix(created_at)}/${video_id}`,
    ...indexed,
  };
}
