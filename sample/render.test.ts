import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { renderSample } from './render.js';

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'vidette-sample-'))));
afterEach(() => rm(folder, { recursive: true }));

it.each([
  { what: 'does not exist', ffmpegPath: '/nowhere/ffmpeg' },
  { what: 'exits before reading a frame', ffmpegPath: 'false' },
])('reports what to do and leaves no file if ffmpeg $what', async ({ ffmpegPath }) => {
  const rendered = renderSample({ path: join(folder, 'sample.mp4'), ffmpegPath });
  await expect(rendered).rejects.toMatchObject({ code: 'SETUP_FAILED' });
  await expect(rendered).rejects.toThrow(/sample\.mp4.*libx264.*VIDETTE_FFMPEG/s);
  expect(await readdir(folder)).toEqual([]);
});
