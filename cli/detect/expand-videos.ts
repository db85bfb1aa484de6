import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, extname, isAbsolute, join } from 'node:path';
import { text as readText } from 'node:stream/consumers';
import { glob, isDynamicPattern } from 'tinyglobby';
import { AppError } from '../../domain/errors.js';
import { isUrl } from '../is-url.js';
import { type NamedVideo, namedVideoOf } from './video-argument.js';

/** Extensions of the videos in a folder. */
const VIDEO_EXTENSIONS = new Set([
  ...['.mp4', '.m4v', '.mov', '.3gp', '.mkv', '.webm', '.avi', '.ts', '.mts', '.m2ts'],
  ...['.mpg', '.mpeg', '.flv', '.wmv', '.asf', '.ogv', '.gif', '.ivf', '.h264', '.hevc'],
]);

export interface ExpandedVideos {
  readonly videos: readonly NamedVideo[];
  /** Whether the arguments may name several videos: also a folder with one. */
  readonly isList: boolean;
}

/**
 * Returns the videos that arguments name: files, folders, patterns, lists (`.txt`, or `-` for
 * `input`), URLs and video_ids, each once.
 * @throws AppError `VIDEO_NOT_FOUND` for an argument that names no video.
 */
export async function expandVideos(
  args: readonly string[],
  input: NodeJS.ReadableStream = process.stdin,
): Promise<ExpandedVideos> {
  const expanded: Expanded[] = [];
  for (const argument of args) expanded.push(await expand(argument, input));
  const unique = new Map<string, NamedVideo>();
  for (const video of expanded.flatMap(({ videos }) => videos)) {
    unique.set(JSON.stringify(video.video), video);
  }
  return {
    videos: [...unique.values()],
    isList: args.length > 1 || expanded.some(({ kind }) => kind !== 'video'),
  };
}

interface Expanded {
  readonly kind: 'video' | 'list';
  readonly videos: readonly NamedVideo[];
}

async function expand(argument: string, input: NodeJS.ReadableStream): Promise<Expanded> {
  if (argument === '-') return listOf(await readText(input), undefined, 'standard input');
  if (isUrl(argument)) return { kind: 'video', videos: [await namedVideoOf(argument)] };
  const found = await stat(argument).catch(() => undefined);
  if (found?.isDirectory()) return videosIn(argument);
  if (found && extname(argument).toLowerCase() === '.txt') {
    return listOf(await readFile(argument, 'utf8'), dirname(argument), argument);
  }
  if (!found && isDynamicPattern(argument)) return videosLike(argument);
  return { kind: 'video', videos: [await namedVideoOf(argument)] };
}

async function videosIn(folder: string): Promise<Expanded> {
  const names = (await readdir(folder)).filter((name) =>
    VIDEO_EXTENSIONS.has(extname(name).toLowerCase()),
  );
  const advice = `Folder ${folder} has no videos (${[...VIDEO_EXTENSIONS].join(', ')}). For videos in its subfolders, give a pattern such as '${join(folder, '**/*.mp4')}'.`;
  return videosOf(names, (name) => join(folder, name), advice);
}

async function videosLike(pattern: string): Promise<Expanded> {
  const paths = await glob(pattern, { absolute: isAbsolute(pattern), expandDirectories: false });
  return videosOf(paths, (path) => path, `No file matches the pattern ${pattern}.`);
}

function videosOf(
  names: readonly string[],
  pathOf: (name: string) => string,
  advice: string,
): Expanded {
  if (names.length === 0) throw new AppError('VIDEO_NOT_FOUND', advice);
  const sorted = names.toSorted((a, b) => a.localeCompare(b, undefined, { numeric: true }));
  return { kind: 'list', videos: sorted.map((name) => ({ name, video: { path: pathOf(name) } })) };
}

/** Reads a list with a video per line; empty lines and those that start with "#" are ignored. */
async function listOf(text: string, folder: string | undefined, source: string): Promise<Expanded> {
  const lines = text.split(/\r?\n/).map((line, index) => ({ entry: line.trim(), line: index + 1 }));
  const entries = lines.filter(({ entry }) => entry !== '' && !entry.startsWith('#'));
  if (entries.length === 0) {
    throw new AppError(
      'VIDEO_NOT_FOUND',
      `The list in ${source} has no videos. Give one per line.`,
    );
  }
  const videos: NamedVideo[] = [];
  for (const { entry, line } of entries) {
    videos.push(
      await namedVideoOf(entry, folder).catch((error: unknown) => {
        throw error instanceof AppError
          ? new AppError(error.code, `${source}, line ${line}: ${error.message}`)
          : error;
      }),
    );
  }
  return { kind: 'list', videos };
}
