import type { IndexedResult } from '../job/event.js';

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

/** Selects the newest job of a video whose result is indexed. */
export interface IndexedQuery {
  readonly bucket: string;
  readonly videoId: string;
  /** A job that is being deleted. */
  readonly except?: string | undefined;
}
