import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { jpegLengths } from './jpeg-lengths.js';

const CHUNK_BYTES = 1024 ** 2;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-lengths-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Returns bytes that are framed like a JPEG. */
function jpegOf(bytes: number): Buffer {
  const jpeg = Buffer.alloc(bytes, 0x55);
  jpeg.set([0xff, 0xd8, 0xff]);
  jpeg.set([0xff, 0xd9], bytes - 2);
  return jpeg;
}

const around = (bytes: number): [string, number[]] => {
  return [`a boundary ${bytes} bytes after the end of a chunk`, [CHUNK_BYTES + bytes, 10]];
};

it.each<[string, number[]]>([
  ['none', []],
  ['one', [100]],
  ['several of different sizes', [100, 5, 60_000, 7]],
  ['some larger than a chunk', [3 * CHUNK_BYTES, 10, 2 * CHUNK_BYTES + 1]],
  ...[-3, -2, -1, 0, 1, 2, 3].map(around),
])('measures JPEGs in a file: %s', async (_, lengths) => {
  const path = join(folder, 'frames.mjpeg');
  await writeFile(path, Buffer.concat(lengths.map(jpegOf)));
  expect(await jpegLengths(path)).toEqual(lengths);
});
