import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../domain/hash.js';
import type { ModelInput } from '../../domain/model/model-manifest.js';
import { createInputTensor } from '../session/input-tensor.js';
import { letterboxOf } from './letterbox.js';
import { readFrame } from './read-image.js';
import { resample, type SampledKernel } from './resample.js';

/** Image of which Pillow made the hashes below. */
function imageOf(width: number, height: number): Uint8Array {
  return Uint8Array.from({ length: 3 * width * height }, (_, i) => {
    const [x, y, c] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width), i % 3];
    return Math.floor((x * x * (c + 1) + x * y * 7 + y * y * 3) / 5) % 256;
  });
}

/** Start of the SHA-256 of `Image.frombytes(...).resize((224, 224), kernel).tobytes()`, Pillow 11.3. */
const PILLOW: readonly [number, number, SampledKernel, string][] = [
  [640, 480, 'bicubic', '917eb8f8a99198f8'],
  [640, 480, 'bilinear', 'cdaf6ef6c9c0d2d4'],
  [640, 480, 'nearest', 'd395fa9897c1a248'],
  [97, 61, 'bicubic', '0f3fd217d3861323'],
  [97, 61, 'bilinear', '089a747a62c08415'],
  [97, 61, 'nearest', 'ee004242374be119'],
  [300, 100, 'bicubic', 'd8f971e2222868de'],
  [300, 100, 'bilinear', '0a1b84a39e156a5f'],
  [300, 100, 'nearest', 'af3d66755e29539d'],
];
const SIDE = { width: 224, height: 224 };

describe('resample', () => {
  it.each(PILLOW)('gives the pixels of Pillow for %ix%i and %s', (width, height, kernel, hash) => {
    const resized = resample(imageOf(width, height), { width, height }, SIDE, kernel);
    expect(sha256(resized).slice(0, 16)).toBe(hash);
  });

  it.each<[SampledKernel, number, number[]]>([
    ['bicubic', 12, [0, 7, 28, 47, 61, 119, 223, 243, 179, 163, 190, 204]],
    ['bicubic', 4, [10, 80, 212, 183]],
    ['bilinear', 3, [29, 149, 190]],
    ['nearest', 4, [0, 80, 250, 200]],
    ['nearest', 6, [0, 40, 80, 250, 160, 200]],
  ])('resizes a row by %s to %i pixels as Pillow does', (kernel, width, expected) => {
    const row = Uint8Array.from([0, 40, 80, 250, 160, 200].flatMap((v) => [v, v, v]));
    const resized = resample(row, { width: 6, height: 1 }, { width, height: 1 }, kernel);
    expect([...resized].filter((_, i) => i % 3 === 0)).toEqual(expected);
  });
});

describe('input of a classifier that is trained with Pillow and values of 0 to 1', () => {
  const input: ModelInput = {
    ...SIDE,
    ...{ channels: 'rgb', layout: 'nhwc', dtype: 'float32' },
    ...{ scale: 1 / 255, mean: [0, 0, 0], std: [1, 1, 1] },
    resize: { mode: 'stretch', kernel: 'bicubic' },
  };

  it.each([
    [640, 480],
    [97, 61],
  ])('equals the pixels of Pillow / 255 for %ix%i', async (width, height) => {
    const raw = { width, height, channels: 3 } as const;
    const png = await sharp(imageOf(width, height), { raw }).png().toBuffer();
    const letterbox = letterboxOf({ width, height }, input);
    const { data, fillFromPixels } = createInputTensor({ input });
    fillFromPixels(await readFrame(png, letterbox.content), letterbox);
    const bytes = Uint8Array.from(data, (value) => Math.round(Number(value) * 255));
    const [, , , hash] = PILLOW.find(([w, , kernel]) => w === width && kernel === 'bicubic')!;
    expect(sha256(bytes).slice(0, 16)).toBe(hash);
    expect([...data]).toEqual(Array.from(bytes, (value) => Math.fround(value / 255)));
  });
});
