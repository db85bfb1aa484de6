import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config/index.js';
import { renderSample } from '../sample/render.js';
import type { App } from './app.js';

/** Returns the path of the sample video in a folder, into which it is rendered once. */
export async function provideSample(
  { out }: Pick<App, 'out'>,
  { ffmpeg }: Pick<Config, 'ffmpeg'>,
  folder: string,
): Promise<string> {
  const path = join(folder, 'sample.mp4');
  if ((await stat(path).catch(() => undefined))?.isFile()) return path;
  out.step('rendering the sample video, once (a few seconds)');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await renderSample({ path, ffmpegPath: ffmpeg.ffmpegPath });
  return path;
}
