import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSourceArgument } from './image-source.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-image-source-'));
  await mkdir(join(folder, 'photos', 'sub'), { recursive: true });
  await mkdir(join(folder, 'empty'));
  for (const name of ['photos/b.JPG', 'photos/sub/a.png', 'photos/notes.txt', 'a.zip', 'a.rar'])
    await writeFile(join(folder, name), 'x');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the source of vidette predict', () => {
  it('is the images of a folder and its subfolders, by their names', async () => {
    const path = join(folder, 'photos');
    expect(await readSourceArgument(path)).toEqual({
      kind: 'folder',
      files: [
        { name: 'b.JPG', path: join(path, 'b.JPG') },
        { name: 'sub/a.png', path: join(path, 'sub/a.png') },
      ],
    });
  });

  it('is a zip', async () => {
    const path = join(folder, 'a.zip');
    expect(await readSourceArgument(path)).toEqual({ kind: 'zip', file: { name: 'a.zip', path } });
  });

  it.each([
    ['s3://incoming/day/', { prefix: 'day/' }],
    ['s3://incoming/day/a.ZIP', { zip: 'day/a.ZIP' }],
    ['s3://incoming/day.jsonl', { list: 'day.jsonl' }],
  ])('is in the object store: %s', async (argument, place) => {
    const source = { bucket: 'incoming', ...place };
    expect(await readSourceArgument(argument)).toEqual({ kind: 'stored', source });
  });

  it('is rejected if it has no images', async () => {
    const read = (name: string) => readSourceArgument(join(folder, name));
    await expect(read('empty')).rejects.toThrow('has no images');
    await expect(read('a.rar')).rejects.toThrow('is not a folder, a .zip or s3://');
    await expect(read('none')).rejects.toThrow('is not a folder');
    await expect(readSourceArgument('s3://incoming')).rejects.toThrow('is not a folder');
  });
});
