import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expandVideos } from './expand-videos.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-videos-'));
  await mkdir(join(folder, 'more'));
  await writeFile(join(folder, 'notes.md'), '# Notes');
  for (const name of ['a10.mp4', 'a2.MKV', 'more/b.mp4']) {
    await writeFile(join(folder, name), Buffer.from([0, 0, 1, 0xba]));
  }
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Returns the names of the videos of arguments, which are paths in the folder. */
async function namesOf(...args: string[]) {
  const { videos } = await expandVideos(args.map((argument) => join(folder, argument)));
  return videos.map(({ name }) => name);
}

describe('expandVideos', () => {
  it('keeps a file, a URL and a video_id as they are', async () => {
    const path = join(folder, 'a10.mp4');
    const url = 'https://example.org/x/cars.mp4?a=b';
    expect(await expandVideos([path, url, 'cars-0f3a2b1c9d8e'])).toEqual({
      isList: true,
      videos: [
        { name: 'a10.mp4', video: { path } },
        { name: 'cars.mp4', video: { url } },
        { name: 'cars-0f3a2b1c9d8e', video: { video_id: 'cars-0f3a2b1c9d8e' } },
      ],
    });
  });

  it('lists the videos of a folder in the order of their numbers', async () => {
    expect(await namesOf('.')).toEqual(['a2.MKV', 'a10.mp4']);
  });

  it('lists the files of a pattern', async () => {
    expect(await namesOf('**/*.mp4')).toHaveLength(2);
    expect(await namesOf('a?.MKV')).toHaveLength(1);
  });

  it('reads a list relative to its folder', async () => {
    await writeFile(join(folder, 'list.txt'), '# two videos\r\n\na10.mp4\r\nmore/b.mp4\n');
    const { videos } = await expandVideos([join(folder, 'list.txt')]);
    expect(videos).toEqual([
      { name: 'a10.mp4', video: { path: join(folder, 'a10.mp4') } },
      { name: 'b.mp4', video: { path: join(folder, 'more/b.mp4') } },
    ]);
  });

  it('reads a list from standard input', async () => {
    const { videos, isList } = await expandVideos(['-'], Readable.from(['one\n', 'two']));
    expect(videos.map(({ name }) => name)).toEqual(['one', 'two']);
    expect(isList).toBe(true);
  });

  it('lists a video once', async () => {
    expect(await namesOf('a10.mp4', '.', 'a10.mp4')).toEqual(['a10.mp4', 'a2.MKV']);
  });

  it.each([
    ['a10.mp4', false],
    ['more', true],
    ['more/*.mp4', true],
  ])('knows whether %s may be several videos: %s', async (argument, isList) => {
    expect((await expandVideos([join(folder, argument)])).isList).toBe(isList);
  });

  it.each([
    ['missing.mp4', /missing\.mp4.* does not exist/],
    ['notes.md', /notes\.md is a text file\. Give a video file\./],
    ['empty.mp4', /empty\.mp4 is an empty file\./],
    ['missing/*.mp4', /No file matches/],
    ['empty', /has no videos/],
    ['empty.txt', /has no videos/],
    ['wrong.txt', /wrong\.txt, line 2: .*"nothing\.mp4" does not exist/],
    ['folder.txt', /more is a folder/],
  ])('rejects %s', async (argument, message) => {
    await mkdir(join(folder, 'empty'));
    await writeFile(join(folder, 'empty.txt'), '# nothing\n');
    await writeFile(join(folder, 'wrong.txt'), '# one\nnothing.mp4\n');
    await writeFile(join(folder, 'empty.mp4'), '');
    await writeFile(join(folder, 'folder.txt'), 'more\n');
    await expect(expandVideos([join(folder, argument)])).rejects.toThrow(message);
  });
});
