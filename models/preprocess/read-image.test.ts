import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { readFrame, blockOtherLoaders } from './read-image.js';

const RED = { r: 200, g: 30, b: 60 };
const plain = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: RED } });

describe('readFrame', () => {
  it('returns interleaved R, G, B of the requested size', async () => {
    const jpeg = await plain(64, 48).jpeg({ quality: 95 }).toBuffer();
    const pixels = await readFrame(jpeg, { width: 20, height: 11 });
    expect(pixels).toHaveLength(20 * 11 * 3);
    expect(Math.abs(pixels[300]! - RED.r)).toBeLessThanOrEqual(3);
    expect(Math.abs(pixels[301]! - RED.g)).toBeLessThanOrEqual(3);
    expect(Math.abs(pixels[302]! - RED.b)).toBeLessThanOrEqual(3);
  });

  it.each([
    ['grey', async () => plain(16, 16).toColourspace('b-w').jpeg().toBuffer()],
    ['transparent', async () => plain(16, 16).ensureAlpha(0.5).png().toBuffer()],
    ['CMYK', async () => plain(16, 16).toColourspace('cmyk').jpeg().toBuffer()],
  ])('returns three values per pixel for a %s image', async (_, image) => {
    expect(await readFrame(await image(), { width: 5, height: 7 })).toHaveLength(5 * 7 * 3);
  });

  it.each([
    ['PNG', (image: Sharp) => image.png()],
    ['lossless WebP', (image: Sharp) => image.webp({ lossless: true, exact: true })],
  ])('reads the colours of transparent pixels of a %s at each size', async (_, encode) => {
    const image = await encode(plain(16, 16).ensureAlpha(0)).toBuffer();
    for (const side of [4, 16, 40]) {
      const pixels = await readFrame(image, { width: side, height: side });
      expect([...pixels.subarray(0, 3)]).toEqual([RED.r, RED.g, RED.b]);
    }
  });

  it('ignores the EXIF orientation', async () => {
    const half = await plain(32, 16)
      .composite([{ input: await plain(16, 16).negate().png().toBuffer(), left: 0, top: 0 }])
      .withMetadata({ orientation: 3 })
      .jpeg()
      .toBuffer();
    const pixels = await readFrame(half, { width: 32, height: 16 });
    expect(pixels[0]).toBeLessThan(80);
    expect(pixels[31 * 3]).toBeGreaterThan(170);
  });

  it('rejects a damaged image', async () => {
    const jpeg = await plain(640, 480).jpeg().toBuffer();
    const cut = jpeg.subarray(0, jpeg.length / 2);
    await expect(readFrame(cut, { width: 8, height: 8 })).rejects.toMatchObject({
      code: 'DECODE_FAILED',
    });
    await expect(readFrame(Buffer.from('no'), { width: 8, height: 8 })).rejects.toMatchObject({
      code: 'DECODE_FAILED',
    });
  });

  it('rejects an image of more than 36 million pixels', async () => {
    const huge = await plain(6001, 6000).png({ compressionLevel: 1 }).toBuffer();
    await expect(readFrame(huge, { width: 8, height: 8 })).rejects.toThrow('pixel limit');
  });

  it('rejects a small file of 361 million pixels without decoding it', async () => {
    const bomb = blackPng(19_000, 19_000);
    expect(bomb.length).toBeLessThan(100_000);
    const before = process.memoryUsage.rss();
    await expect(readFrame(bomb, { width: 8, height: 8 })).rejects.toThrow('pixel limit');
    expect(process.memoryUsage.rss() - before).toBeLessThan(64 * 1024 ** 2);
  });

  it('reads WebP', async () => {
    const webp = await plain(16, 16).webp().toBuffer();
    expect(await readFrame(webp, { width: 4, height: 4 })).toHaveLength(4 * 4 * 3);
  });

  it.each<[format: string, image: () => Buffer | Promise<Buffer>]>([
    ['SVG', () => Buffer.from(svgOf('file:///etc/hostname'))],
    ['SVG behind an XML declaration', () => Buffer.from(`<?xml version="1.0"?>${svgOf('a')}`)],
    ['TIFF', () => plain(16, 16).tiff().toBuffer()],
    ['GIF', () => plain(16, 16).gif().toBuffer()],
    ['AVIF', () => plain(16, 16).avif().toBuffer()],
    ['an empty file', () => Buffer.alloc(0)],
  ])('rejects %s', async (_, image) => {
    await expect(readFrame(await image(), { width: 8, height: 8 })).rejects.toMatchObject({
      code: 'DECODE_FAILED',
      message: expect.stringContaining('not a JPEG, PNG or WebP') as string,
    });
  });
});

describe('blockOtherLoaders', () => {
  it('allows JPEG and blocks SVG and file paths', async () => {
    const [jpeg, svg] = [await plain(8, 8).jpeg().toBuffer(), Buffer.from(svgOf('a'))];
    const opens = (input: Buffer | string) =>
      sharp(input)
        .metadata()
        .then(() => true)
        .catch(() => false);
    const path = join(await mkdtemp(join(tmpdir(), 'vidette-image-')), 'image.jpg');
    await writeFile(path, jpeg);
    const all = () => Promise.all([jpeg, svg, path].map(opens));
    expect(await all()).toEqual([true, true, true]);
    blockOtherLoaders();
    expect(await all()).toEqual([true, false, false]);
    await rm(dirname(path), { recursive: true });
    sharp.unblock({ operation: ['VipsForeignLoad'] });
  });
});

function svgOf(href: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><image href="${href}"/></svg>`;
}

/** A PNG of one bit a pixel, all black: a row of zeros compresses to next to nothing. */
function blackPng(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 1;
  const rows = deflateSync(Buffer.alloc((1 + Math.ceil(width / 8)) * height));
  const parts = [chunk('IHDR', header), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...parts]);
}

function chunk(type: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const content = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(content));
  return Buffer.concat([length, content, checksum]);
}
