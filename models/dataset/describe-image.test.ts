import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { hashDistance } from '../../domain/dataset/near-duplicates.js';
import { describeImage } from './describe-image.js';

/** A scene of blocks whose brightness is given for each of 9x8 cells. */
function draw(cells: (x: number, y: number) => number, width = 360, height = 320) {
  const pixels = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const value = cells(Math.floor((x * 9) / width), Math.floor((y * 8) / height));
      pixels.fill(value, (y * width + x) * 3, (y * width + x) * 3 + 3);
    }
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

const scene = (x: number, y: number) => (x * 53 + y * 91 + x * y * 17) % 256;
const falling = (x: number) => 240 - x * 20;

describe('the description of an image', () => {
  it('has its size, type and a bit for each pair of neighbours', async () => {
    const png = await draw(falling).png().toBuffer();
    const facts = { media_type: 'image/png', width: 360, height: 320, dhash: 'ffffffffffffffff' };
    expect(await describeImage(png, false)).toEqual(facts);
  });

  it('has nearly the same hash after compression and scaling, and another one for another scene', async () => {
    const original = await describeImage(await draw(scene).png().toBuffer(), false);
    const smaller = draw(scene).resize(200, 178).jpeg({ quality: 60 });
    const copy = await describeImage(await smaller.toBuffer(), false);
    expect(copy.media_type).toBe('image/jpeg');
    expect(hashDistance(copy.dhash, original.dhash)).toBeLessThanOrEqual(4);
    const other = await describeImage(
      await draw((x, y) => scene(8 - x, y))
        .webp()
        .toBuffer(),
      false,
    );
    expect(other.media_type).toBe('image/webp');
    expect(hashDistance(other.dhash, original.dhash)).toBeGreaterThan(20);
  });

  it('is of the displayed image, except for a frame', async () => {
    const rotated = await draw(scene).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    expect(await describeImage(rotated, false)).toMatchObject({ width: 320, height: 360 });
    expect(await describeImage(rotated, true)).toMatchObject({ width: 360, height: 320 });
  });

  it('is refused for a file that is not an image', async () => {
    const described = describeImage(Buffer.from('not an image'), false);
    await expect(described).rejects.toMatchObject({ code: 'DECODE_FAILED' });
  });
});
