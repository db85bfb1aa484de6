import { stat } from 'node:fs/promises';
import { checkedUrl } from '../adapters/download/checked-url.js';
import { AppError } from '../domain/errors.js';
import { isId } from '../domain/names.js';
import type { VideoInput } from '../client/index.js';

/** Interprets an argument as a URL, an existing file, or a video_id. */
export async function videoOf(text: string): Promise<VideoInput> {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return { url: checkedUrl(text).href };
  if ((await stat(text).catch(() => undefined))?.isFile()) return { path: text };
  if (isId(text)) return { video_id: text };
  throw new AppError(
    'VIDEO_NOT_FOUND',
    `File ${JSON.stringify(text)} does not exist. Give the path of a video, a URL (https://...), or the video_id of an ingested video.`,
  );
}
