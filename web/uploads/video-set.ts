import type { StagedVideo } from './staged-row.js';

type StoredVideo = StagedVideo & { readonly videoId: string };

interface VideoSet {
  /** Number of all videos, and of those that are stored. */
  readonly counts: () => { readonly total: number; readonly stored: number };
  /** Stored videos in their original order. */
  readonly stored: () => readonly StoredVideo[];
  readonly store: (video: StagedVideo, videoId: string) => void;
  readonly remove: (video: StagedVideo) => void;
}

/** Videos of a batch, some of which are stored. */
export function createVideoSet(videos: readonly StagedVideo[]): VideoSet {
  const ids = new Map(videos.map((video) => [video, video.videoId]));
  const stored = () =>
    [...ids].flatMap(([video, videoId]) => (videoId === undefined ? [] : [{ ...video, videoId }]));
  return {
    stored,
    counts: () => ({ total: ids.size, stored: stored().length }),
    store: (video, videoId) => void ids.set(video, videoId),
    remove: (video) => void ids.delete(video),
  };
}

/**
 * Divides staged videos into those that are started together as a batch, of which only files and
 * stored videos can be part, and those that are started alone.
 */
export function divideVideos(videos: readonly StagedVideo[]): {
  readonly batch: readonly StagedVideo[];
  readonly single: readonly StagedVideo[];
} {
  const files = videos.filter(({ url }) => url === undefined);
  if (files.length < 2) return { batch: [], single: videos };
  return { batch: files, single: videos.filter(({ url }) => url !== undefined) };
}
