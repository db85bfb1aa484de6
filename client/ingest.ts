import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { AppError } from '../domain/errors.js';
import { sha256OfChunks, videoIdOf } from '../domain/hash.js';
import { BUCKETS, keys, NAME_METADATA } from '../domain/names.js';
import { encodeVideoName } from '../domain/video/video-name.js';
import type { VidetteClientDeps } from './deps.js';
import type { OnIngest, VideoInput } from './types.js';

interface IngestOptions {
  readonly signal?: AbortSignal;
  readonly onIngest?: OnIngest;
}

/** Stores a video in the object store unless it is stored already, and returns its video_id. */
export async function ingestVideo(
  deps: VidetteClientDeps,
  video: VideoInput,
  options: IngestOptions = {},
): Promise<string> {
  if ('video_id' in video) return video.video_id;
  if ('path' in video) return storeFile(deps, video.path, basename(video.path), options);
  return withTempFolder(deps.tempDir, async (folder) => {
    const { path, name } = await fetchInto(deps, video.url, folder, options);
    return storeFile(deps, path, name, options, 'The video at this URL');
  });
}

async function fetchInto(
  { download }: VidetteClientDeps,
  url: string,
  folder: string,
  { signal, onIngest }: IngestOptions,
) {
  if (!download) {
    throw new AppError(
      'URL_FORBIDDEN',
      'This client does not download videos. Give the path of a file.',
    );
  }
  onIngest?.({ step: 'downloading', name: 'the video', bytes: null });
  return download(url, { folder, signal });
}

async function withTempFolder<T>(
  parent: string | undefined,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const root = resolve(parent ?? tmpdir());
  await mkdir(root, { recursive: true, mode: 0o700 });
  const folder = await mkdtemp(join(root, 'vidette-download-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function storeFile(
  { objects }: VidetteClientDeps,
  path: string,
  name: string,
  { signal, onIngest }: IngestOptions,
  title = path,
): Promise<string> {
  const { size, mtimeMs } = await statFile(path, title);
  onIngest?.({ step: 'hashing', name, bytes: size });
  const videoId = videoIdOf(
    name,
    await sha256OfChunks(createReadStream(path, { signal, highWaterMark: 1024 ** 2 })),
  );
  const key = keys.video(videoId);
  if (await objects.stat(BUCKETS.videos, key)) return videoId;
  const after = await statFile(path, title);
  if (after.size !== size || after.mtimeMs !== mtimeMs) throw videoChanged(path);
  onIngest?.({ step: 'uploading', name, bytes: size });
  const metadata = { [NAME_METADATA]: encodeVideoName(name) };
  await objects.putFile(BUCKETS.videos, key, path, { contentType: 'video/mp4', metadata });
  return videoId;
}

async function statFile(path: string, title: string) {
  const found = await stat(path).catch((cause: unknown) => {
    throw new AppError(
      'VIDEO_NOT_FOUND',
      `File ${path} cannot be read. Check that it exists.`,
      { path },
      { cause },
    );
  });
  if (found.isFile() && found.size > 0) return found;
  const what = found.isFile() ? 'is empty' : 'is not a file';
  throw new AppError('BAD_VIDEO', `${title} ${what}. Give a video file.`, { path });
}

function videoChanged(path: string): AppError {
  return new AppError(
    'VIDEO_CHANGED',
    `${path} changed while it was being read. Wait until it is complete, then try again.`,
    { path },
  );
}
