import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasImageSignature, checkImage, saveImage } from './sources.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-sources-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const plain = () => sharp({ create: { width: 4, height: 4, channels: 3, background: 'red' } });

describe('the beginning of a file', () => {
  it.each(['jpeg', 'png', 'webp'] as const)('of a %s is recognised as an image', async (format) => {
    expect(hasImageSignature(await plain().toFormat(format).toBuffer())).toBe(true);
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['two bytes of a JPEG', Buffer.of(0xff, 0xd8)],
    ['a RIFF file that is no WebP', Buffer.from('RIFF\0\0\0\0WAVE', 'latin1')],
    ['a GIF', Buffer.from('GIF89a')],
    ['a page', Buffer.from('<html>')],
  ])('of %s is not', (_, head) => {
    expect(hasImageSignature(head)).toBe(false);
  });
});

it('saves a stream of single bytes unchanged, and returns its MD5', async () => {
  const png = await plain().png().toBuffer();
  const bytes = Readable.from(Array.from(png, (byte) => Buffer.of(byte)));
  const path = join(folder, 'streamed');
  const md5 = createHash('md5').update(png).digest('hex');
  expect(await saveImage(bytes, path)).toEqual({ md5, isImage: true });
  expect((await readFile(path)).equals(png)).toBe(true);
  expect(await checkImage(path)).toEqual({ md5, isImage: true });
});
