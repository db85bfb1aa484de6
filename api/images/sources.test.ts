import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkImage, imageTypeOf, saveImage } from './sources.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-sources-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const plain = () => sharp({ create: { width: 4, height: 4, channels: 3, background: 'red' } });

describe('the beginning of a file', () => {
  it.each(['jpeg', 'png', 'webp'] as const)('of a %s is recognised as an image', async (format) => {
    expect(imageTypeOf(await plain().toFormat(format).toBuffer())).toBe(`image/${format}`);
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['two bytes of a JPEG', Buffer.of(0xff, 0xd8)],
    ['a RIFF file that is not WebP', Buffer.from('RIFF\0\0\0\0WAVE', 'latin1')],
    ['a GIF', Buffer.from('GIF89a')],
    ['a page', Buffer.from('<html>')],
  ])('of %s is not', (_, head) => {
    expect(imageTypeOf(head)).toBeUndefined();
  });
});

it('saves a stream of single bytes unchanged, and returns its hashes and type', async () => {
  const png = await plain().png().toBuffer();
  const bytes = Readable.from(Array.from(png, (byte) => Buffer.of(byte)));
  const path = join(folder, 'streamed');
  const md5 = createHash('md5').update(png).digest('hex');
  const sha256 = createHash('sha256').update(png).digest('hex');
  const facts = { md5, sha256, mediaType: 'image/png' };
  expect(await saveImage(bytes, path)).toEqual(facts);
  expect((await readFile(path)).equals(png)).toBe(true);
  expect(await checkImage(path)).toEqual(facts);
  expect(await saveImage(png, join(folder, 'buffered'))).toEqual(facts);
});
