import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { readAllPixels, readImage, readPixels } from './displayed-image.js';

const MANY = { isFrame: false, maxPixels: 1e6 };
const [RED, BLUE] = [
  { r: 250, g: 10, b: 10 },
  { r: 10, g: 10, b: 250 },
];

/** 40 x 20, its left half red, its right half blue. */
function image() {
  const half = { create: { width: 20, height: 20, channels: 3, background: BLUE } } as const;
  return sharp({ create: { width: 40, height: 20, channels: 3, background: RED } }).composite([
    { input: half, left: 20, top: 0 },
  ]);
}

/** The first and the last pixel of an image. */
function ends(pixels: Buffer): number[][] {
  return [[...pixels.subarray(0, 3)], [...pixels.subarray(-3)]];
}

function expectNear(found: number[][], expected: { r: number; g: number; b: number }[]) {
  found.flat().forEach((value, i) => {
    const { r, g, b } = expected[Math.floor(i / 3)]!;
    expect(Math.abs(value - [r, g, b][i % 3]!)).toBeLessThan(12);
  });
}

describe('an image', () => {
  it.each([
    ['JPEG', () => image().jpeg({ quality: 95 })],
    ['progressive JPEG', () => image().jpeg({ quality: 95, progressive: true })],
    ['JPEG of inks', () => image().toColourspace('cmyk').jpeg({ quality: 95 })],
    ['PNG', () => image().png()],
    ['PNG with an alpha channel', () => image().ensureAlpha(0.5).png()],
    ['PNG of 16 bits', () => image().toColourspace('rgb16').png()],
    ['PNG with a palette', () => image().png({ palette: true })],
    ['WebP', () => image().webp({ lossless: true })],
  ])('is read as pixels of 8 bits: %s', async (kind, make) => {
    const read = await readImage(await make().toBuffer(), MANY);
    expect(read.size).toEqual({ width: 40, height: 20 });
    const pixels = await readPixels(read, { width: 20, height: 10 });
    expect(pixels).toHaveLength(3 * 20 * 10);
    // Inks are not colours of a screen, but red and blue can be distinguished.
    if (kind === 'JPEG of inks') expect(pixels[0]!).toBeGreaterThan(pixels[2]!);
    else expectNear(ends(pixels), [RED, BLUE]);
    expect(await readAllPixels(read)).toHaveLength(3 * 40 * 20);
  });

  it('keeps the colours of transparent pixels at each size', async () => {
    const png = await image().ensureAlpha(0).png().toBuffer();
    const read = await readImage(png, MANY);
    expectNear(ends(await readAllPixels(read)), [RED, BLUE]);
    for (const size of [read.size, { width: 20, height: 10 }]) {
      expectNear(ends(await readPixels(read, size)), [RED, BLUE]);
    }
  });

  it('of grey values has three equal channels', async () => {
    const grey = await image().greyscale().png().toBuffer();
    const pixels = await readPixels(await readImage(grey, MANY), { width: 4, height: 2 });
    expect(pixels).toHaveLength(24);
    expect(pixels[0]).toBe(pixels[1]);
  });

  it('is turned as its EXIF orientation says, unless it is a frame', async () => {
    const turned = await image().withMetadata({ orientation: 6 }).png().toBuffer();
    const upright = await readImage(turned, MANY);
    expect(upright.size).toEqual({ width: 20, height: 40 });
    const pixels = await readPixels(upright, { width: 20, height: 40 });
    // The left half is the upper one now.
    expectNear([...ends(pixels), [...pixels.subarray(57, 60)]], [RED, BLUE, RED]);
    const frame = await readImage(turned, { ...MANY, isFrame: true });
    expect(frame.size).toEqual({ width: 40, height: 20 });
    const asStored = await readPixels(frame, { width: 40, height: 20 });
    expectNear([[...asStored.subarray(117, 120)]], [BLUE]);
  });

  it('of just so many pixels is read, of one row more is refused with its size', async () => {
    const png = await image().png().toBuffer();
    const enough = await readImage(png, { isFrame: false, maxPixels: 800 });
    expect(await readAllPixels(enough)).toHaveLength(2400);
    await expect(readImage(png, { isFrame: false, maxPixels: 799 })).rejects.toMatchObject({
      code: 'LIMIT_EXCEEDED',
      message: expect.stringContaining('40x20 pixels') as string,
    });
  });
});

describe('an image that is slow to decode', () => {
  it.each([
    [70_000, 1],
    [1, 70_000],
  ])('is rejected with its size: %d x %d', async (width, height) => {
    const strip = sharp({ create: { width, height, channels: 3, background: RED } });
    await expect(readImage(await strip.png().toBuffer(), MANY)).rejects.toMatchObject({
      code: 'LIMIT_EXCEEDED',
      message: expect.stringContaining(`${width}x${height} pixels`) as string,
    });
  });

  it.each([
    [0, true],
    [80, true],
    [2000, false],
  ])('is rejected by its number of scans: %d more than the encoder wrote', async (more, isRead) => {
    const jpeg = await image().jpeg({ progressive: true }).toBuffer();
    const read = readImage(withScans(jpeg, more), MANY);
    if (isRead) expect((await read).size).toEqual({ width: 40, height: 20 });
    else await expect(read).rejects.toThrow('more than 100 scans');
  });
});

/** Repeats the last scan of a progressive JPEG. */
function withScans(jpeg: Buffer, count: number): Buffer {
  const last = jpeg.subarray(jpeg.lastIndexOf(Buffer.from([0xff, 0xda])), -2);
  return Buffer.concat([
    jpeg.subarray(0, -2),
    ...Array<Buffer>(count).fill(last),
    jpeg.subarray(-2),
  ]);
}

describe('no image', () => {
  it.each([
    ['text', () => Promise.resolve(Buffer.from('this is a text'))],
    ['nothing', () => Promise.resolve(Buffer.alloc(0))],
    ['SVG', () => Promise.resolve(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'))],
    ['GIF', () => image().gif().toBuffer()],
    ['TIFF', () => image().tiff().toBuffer()],
  ])('is refused: %s', async (_, make) => {
    await expect(readImage(await make(), MANY)).rejects.toMatchObject({ code: 'DECODE_FAILED' });
  });

  it('is refused when half of it is missing', async () => {
    const jpeg = await image().resize(200, 100).jpeg().toBuffer();
    const half = jpeg.subarray(0, jpeg.length / 2);
    const read = readImage(half, MANY).then((each) => readAllPixels(each));
    await expect(read).rejects.toMatchObject({ code: 'DECODE_FAILED' });
  });
});
