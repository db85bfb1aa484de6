import pMap from 'p-map';
import { BUCKETS, isId, keys, VIDEOS_PREFIX } from '../domain/names.js';
import type { ObjectStore } from '../domain/ports/object-store.js';
import { originalNameOf, videoIdOfKey } from '../domain/video/stored-video.js';
import { invalidCursor, PAGE_LIMIT } from './paging.js';
import type { PageOptions, Video, VideoPage } from './types.js';

/** Maximum number of simultaneous requests to the store. */
const CONCURRENCY = 8;

/** Returns a page of the stored videos in the order of their keys; a cursor is a video_id. */
export async function listVideos(
  objects: Pick<ObjectStore, 'list' | 'stat'>,
  { limit = PAGE_LIMIT, cursor }: PageOptions = {},
): Promise<VideoPage> {
  const ids = await readIds(objects, limit + 1, cursor);
  const page = ids.slice(0, limit);
  const found = await pMap(page, (id) => readVideo(objects, id), { concurrency: CONCURRENCY });
  return {
    videos: found.filter((video) => video !== undefined),
    next: ids.length > limit ? page.at(-1)! : null,
  };
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
): Promise<Video | undefined> {
  const found = await objects.stat(BUCKETS.videos, keys.video(video_id));
  return found && { video_id, name: originalNameOf(found.metadata) ?? null, size: found.size };
}
