import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { readFrame } from './read-image.js';

const RED = { r: 200, g: 30, b: 60 };
const plain = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: RED } });

describe('readFrame', () => {
  it('gives pixels R, G, B of the size that was asked for', async () => {
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
  ])('gives three values a pixel for a %s picture', async (_, picture) => {
    expect(await readFrame(await picture(), { width: 5, height: 7 })).toHaveLength(5 * 7 * 3);
  });

  it('does not turn a frame by its EXIF orientation', async () => {
    const half = await plain(32, 16)
      .composite([{ input: await plain(16, 16).negate().png().toBuffer(), left: 0, top: 0 }])
      .withMetadata({ orientation: 3 })
      .jpeg()
      .toBuffer();
    const pixels = await readFrame(half, { width: 32, height: 16 });
    expect(pixels[0]).toBeLessThan(80);
    expect(pixels[31 * 3]).toBeGreaterThan(170);
  });

  it('refuses what is no whole picture', async () => {
    const jpeg = await plain(640, 480).jpeg().toBuffer();
    const cut = jpeg.subarray(0, jpeg.length / 2);
    await expect(readFrame(cut, { width: 8, height: 8 })).rejects.toMatchObject({
      code: 'DECODE_FAILED',
    });
    await expect(readFrame(Buffer.from('no'), { width: 8, height: 8 })).rejects.toMatchObject({
      code: 'DECODE_FAILED',
    });
  });

  it('refuses a picture of more than 36 million pixels', async () => {
    const huge = await plain(6001, 6000).png({ compressionLevel: 1 }).toBuffer();
    await expect(readFrame(huge, { width: 8, height: 8 })).rejects.toThrow('pixel limit');
  });
});
