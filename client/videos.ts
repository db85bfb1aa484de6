import pMap from 'p-map';
import { BUCKETS, isId, keys, VIDEOS_PREFIX } from '../domain/names.js';
import type { ObjectStore } from '../domain/ports/object-store.js';
import type { LibraryVideo } from '../domain/search/library-video.js';
import { originalNameOf, videoIdOfKey } from '../domain/video/stored-video.js';
import type { VidetteClientDeps } from './deps.js';
import { invalidCursor, PAGE_LIMIT } from './paging.js';
import type { DetectedVideo, Video, VideoPage, VideoPageOptions } from './types.js';

interface VideosDeps {
  readonly objects: Pick<ObjectStore, 'list' | 'stat'>;
  readonly documents: Pick<VidetteClientDeps['documents'], 'libraryVideos'>;
}

/** Maximum number of simultaneous requests to the store. */
const CONCURRENCY = 8;
const PLACE = /^\d{13}\/[A-Za-z0-9_-]{1,128}$/;

/**
 * Returns a page of the stored videos in the order of their keys, with a video_id as cursor, or of
 * those with a result, the newest first.
 */
export function listVideos(
  deps: VideosDeps,
  { order = 'name', ...page }: VideoPageOptions = {},
): Promise<VideoPage> {
  return order === 'name' ? listByName(deps, page) : listNewest(deps, page);
}

async function listByName(
  { objects, documents }: VideosDeps,
  { limit = PAGE_LIMIT, cursor }: VideoPageOptions,
): Promise<VideoPage> {
  const ids = await readIds(objects, limit + 1, cursor);
  const page = ids.slice(0, limit);
  const found = await pMap(page, (id) => readVideo(objects, id), { concurrency: CONCURRENCY });
  const detected = await documents.libraryVideos.findMany(BUCKETS.videos, page);
  const byId = new Map(detected.map((video) => [video.video_id, detectedOf(video)]));
  return {
    videos: found
      .filter((video) => video !== undefined)
      .map((video) => ({ ...video, detected: byId.get(video.video_id) ?? null })),
    next: ids.length > limit ? page.at(-1)! : null,
  };
}

async function listNewest(
  { documents }: VideosDeps,
  { limit = PAGE_LIMIT, cursor }: VideoPageOptions,
): Promise<VideoPage> {
  if (cursor !== undefined && !PLACE.test(cursor)) throw invalidCursor();
  const found = await documents.libraryVideos.list({ limit: limit + 1, after: cursor });
  const page = found.slice(0, limit);
  return {
    videos: page.map((video) => {
      const { video_id, name, bytes: size } = video;
      return { video_id, name, size, detected: detectedOf(video) };
    }),
    next: found.length > limit ? page.at(-1)!.place : null,
  };
}

function detectedOf(video: LibraryVideo): DetectedVideo {
  const { event_id, detected_at, classes, sightings, poster_frame, duration_ms } = video;
  const { width, height } = video.size;
  const facts = { classes, sightings, poster_frame, duration_ms, width, height };
  return { event_id, detected_at: detected_at.toISOString(), ...facts };
}

async function readIds(
  objects: Pick<ObjectStore, 'list'>,
  count: number,
  cursor: string | undefined,
): Promise<string[]> {
  const after = cursor === undefined ? undefined : keyOfCursor(cursor);
  const ids: string[] = [];
  for await (const key of objects.list(BUCKETS.videos, VIDEOS_PREFIX, { after })) {
    const id = videoIdOfKey(key);
    if (id !== undefined && ids.push(id) === count) break;
  }
  return ids;
}

function keyOfCursor(cursor: string): string {
  if (isId(cursor)) return keys.video(cursor);
  throw invalidCursor();
}

/** Undefined if the video was removed meanwhile. */
async function readVideo(
  objects: Pick<ObjectStore, 'stat'>,
  video_id: string,
): Promise<Omit<Video, 'detected'> | undefined> {
  const found = await objects.stat(BUCKETS.videos, keys.video(video_id));
  return found && { video_id, name: originalNameOf(found.metadata) ?? null, size: found.size };
}
