import { stat } from 'node:fs/promises';
import { basename, isAbsolute, resolve } from 'node:path';
import { checkedUrl } from '../../adapters/download/checked-url.js';
import { AppError } from '../../domain/errors.js';
import { isId } from '../../domain/names.js';
import type { VideoInput } from '../../client/index.js';
import { isUrl } from '../is-url.js';
import { expectVideoFile } from './expect-video.js';

/** A video, and its name in messages. */
export interface NamedVideo {
  readonly name: string;
  readonly video: VideoInput;
}

/**
 * Interprets an argument as a URL, an existing file, or a video_id.
 * @param folder folder that relative paths start from; default: the working directory.
 * @throws AppError `VIDEO_NOT_FOUND`; `BAD_VIDEO` for a file of another kind, such as text.
 */
export async function videoOf(text: string, folder?: string): Promise<VideoInput> {
  if (isUrl(text)) return { url: checkedUrl(text).href };
  const path = folder === undefined || isAbsolute(text) ? text : resolve(folder, text);
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile()) {
    await expectVideoFile(path);
    return { path };
  }
  if (!found && isId(text)) return { video_id: text };
  throw found?.isDirectory()
    ? new AppError('INVALID_INPUT', `${path} is a folder. Give a video.`)
    : new AppError(
        'VIDEO_NOT_FOUND',
        `File ${JSON.stringify(text)} does not exist. Give the path of a video, a URL (https://...), or the video_id of an ingested video.`,
      );
}

/** Interprets an argument as {@link videoOf}, with its name. */
export async function namedVideoOf(text: string, folder?: string): Promise<NamedVideo> {
  const video = await videoOf(text, folder);
  return { name: isUrl(text) ? nameOfUrl(text) : basename(text), video };
}

function nameOfUrl(text: string): string {
  const { hostname, pathname } = new URL(text);
  return basename(pathname) || hostname;
}
