import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeCuts } from './cut-out.js';
import { readImage } from '../../models/preprocess/displayed-image.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-cuts-'));
});
afterEach(() => rm(folder, { recursive: true }));

// A blur at full size takes minutes for the first: its sigma is a share of the longer side.
it.each([
  [{ width: 12, height: 65_535 }, [0, 0, 12, 30_000]],
  [{ width: 40, height: 30 }, [10, 10, 20, 20]],
] as const)('blurs the background of an image of any size: %j', async (size, bbox) => {
  const create = { ...size, channels: 3, background: '#808080' } as const;
  const png = await sharp({ create }).png().toBuffer();
  const image = await readImage(png, { isFrame: false, maxPixels: 1e6 });
  const [path] = await writeCuts(image, { bbox: [...bbox], confidence: 1 }, 'blur', folder);
  expect(await sharp(path).metadata()).toMatchObject({ format: 'png', ...size });
  const { data } = await sharp(path).raw().toBuffer({ resolveWithObject: true });
  expect(data.every((value) => value === 128)).toBe(true);
});
