import pMap from 'p-map';
import { AppError } from '../domain/errors.js';
import { BUCKETS, isId, keys, NAME_METADATA } from '../domain/names.js';
import type { ObjectStore } from '../domain/ports/object-store.js';
import type { PageOptions, Video, VideoPage } from './types.js';

const LIMIT = 20;
/** Maximum number of simultaneous requests to the store. */
const CONCURRENCY = 8;
const PREFIX = 'input/';
const SUFFIX = '.mp4';

/** Returns a page of the stored videos in the order of their keys; a cursor is a video_id. */
export async function listVideos(
  objects: Pick<ObjectStore, 'list' | 'stat'>,
  { limit = LIMIT, cursor }: PageOptions = {},
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
  for await (const key of objects.list(BUCKETS.videos, PREFIX, { after })) {
    const id = key.slice(PREFIX.length, -SUFFIX.length);
    if (key.endsWith(SUFFIX) && isId(id) && ids.push(id) === count) break;
  }
  return ids;
}

function keyOfCursor(cursor: string): string {
  if (isId(cursor)) return keys.video(cursor);
  throw new AppError('INVALID_INPUT', 'Invalid cursor. Pass the "next" of the previous page.');
}

/** Undefined if the video was removed meanwhile. */
async function readVideo(
  objects: Pick<ObjectStore, 'stat'>,
  video_id: string,
): Promise<Video | undefined> {
  const found = await objects.stat(BUCKETS.videos, keys.video(video_id));
  return found && { video_id, name: nameOf(found.metadata[NAME_METADATA]), size: found.size };
}

/** Decodes an original name; a video that another program stored may have none, or another form. */
function nameOf(encoded: string | undefined): string | null {
  try {
    return encoded === undefined ? null : decodeURIComponent(encoded);
  } catch {
    return encoded ?? null;
  }
}
