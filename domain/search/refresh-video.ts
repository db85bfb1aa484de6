import type { EventDocument, IndexedResult } from '../job/event.js';
import type { LibraryVideoStore } from '../ports/library-video-store.js';
import type { IndexedQuery, LibraryVideo } from './library-video.js';
import { timePrefix } from './sighting.js';

/** The events of which a video of the library is made, and the videos themselves. */
export interface LibraryDocuments {
  readonly libraryVideos: Pick<LibraryVideoStore, 'put' | 'remove'>;
  findNewestIndexed(query: IndexedQuery): Promise<EventDocument | undefined>;
}

/**
 * Stores what the newest job with a result has of a video, or removes the video from the library if
 * there is none. Can be repeated.
 */
export async function refreshVideo(
  documents: LibraryDocuments,
  query: IndexedQuery,
): Promise<void> {
  let event = await documents.findNewestIndexed(query);
  for (;;) {
    if (event?.indexed) await documents.libraryVideos.put(libraryVideoOf(event, event.indexed));
    else await documents.libraryVideos.remove(query.bucket, query.videoId);
    // Another job may have ended, or been deleted, in the meantime.
    const newest = await documents.findNewestIndexed(query);
    if (newest?.event_id === event?.event_id) return;
    event = newest;
  }
}

function libraryVideoOf(event: EventDocument, indexed: IndexedResult): LibraryVideo {
  const { bucket, video_id, event_id, created_at, video_name = null, classes = [] } = event;
  return {
    ...{ bucket, video_id, name: video_name, event_id, detected_at: created_at, classes },
    place: `${timePrefix(created_at)}/${video_id}`,
    ...indexed,
  };
}
