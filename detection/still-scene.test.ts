import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Size } from '../domain/result/detection.js';
import { STILL_THRESHOLD } from '../domain/job/job-input.js';
import { cellSums, changeBetween, createStillScene } from './still-scene.js';

const SIZE: Size = { width: 104, height: 58 };
const CHANNELS = 3;
const LAYOUTS = ['planes', 'pixels'] as const;
type Layout = (typeof LAYOUTS)[number];
type Pixel = (x: number, y: number, channel: number) => number;

/** A frame by its values; the channels are in the order of the layout. */
function draw(pixel: Pixel, layout: Layout = 'planes', { width, height }: Size = SIZE): Uint8Array {
  const bytes = new Uint8Array(CHANNELS * width * height);
  for (let channel = 0; channel < CHANNELS; channel++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const at = y * width + x;
        const index = layout === 'planes' ? channel * width * height + at : CHANNELS * at + channel;
        bytes[index] = pixel(x, y, channel);
      }
    }
  }
  return bytes;
}

const flat = (value: number) => draw(() => value);
const square =
  (left: number, top: number, side: number, value: number): Pixel =>
  (x, y) =>
    x >= left && x < left + side && y >= top && y < top + side ? value : 100;
const change = (a: Pixel, b: Pixel, layout: Layout = 'planes', size = SIZE) =>
  changeBetween(
    cellSums(draw(a, layout, size), size, layout),
    cellSums(draw(b, layout, size), size, layout),
  );

/** Numbers of mean 0 and deviation 1, the same in every run. */
function gaussian(seed: number): () => number {
  let state = seed;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 1) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

const noisy = (seed: number, deviation: number) => {
  const next = gaussian(seed);
  return draw((x) => Math.min(255, Math.max(0, Math.round(60 + x + deviation * next()))));
};

describe('changeBetween', () => {
  it.each<[string, Pixel, Pixel, number]>([
    ['nothing', () => 7, () => 7, 0],
    ['all of it', () => 0, () => 255, 255],
    ['one channel', () => 9, (_x, _y, channel) => (channel === 2 ? 29 : 9), 20],
    ['brighter by one', (x) => x, (x) => x + 1, 1],
    ['a pixel', () => 100, square(50, 30, 1, 228), 128 / 256],
    ['a block', () => 100, square(16, 16, 16, 150), 50],
    ['a square in the corner', () => 100, square(96, 50, 8, 200), (64 * 100) / (16 * 14)],
  ])('is %s', (_, a, b, expected) => {
    for (const layout of LAYOUTS) expect(change(a, b, layout)).toBeCloseTo(expected, 10);
  });

  it.each([
    [1, 1],
    [3, 2],
    [4, 4],
    [5, 17],
    [16, 16],
    [17, 33],
    [419, 7],
  ])('counts each pixel of a frame of %d x %d', (width, height) => {
    const size = { width, height };
    for (const layout of LAYOUTS) {
      expect(
        change(
          () => 20,
          () => 31,
          layout,
          size,
        ),
      ).toBeCloseTo(11, 10);
    }
    const lastPixel: Pixel = (x, y) => (x === width - 1 && y === height - 1 ? 255 : 0);
    expect(change(() => 0, lastPixel, 'pixels', size)).toBeGreaterThanOrEqual(255 / 256);
  });

  it('is the same in both layouts and both ways, and 0 for the same frame', () => {
    const frame = fc.uint8Array({ minLength: 3 * 11 * 9, maxLength: 3 * 11 * 9 });
    fc.assert(
      fc.property(frame, frame, (a, b) => {
        const size = { width: 11, height: 9 };
        const pixelOf =
          (bytes: Uint8Array): Pixel =>
          (x, y, channel) =>
            bytes[(channel * 9 + y) * 11 + x]!;
        const planes = change(pixelOf(a), pixelOf(b), 'planes', size);
        expect(change(pixelOf(a), pixelOf(b), 'pixels', size)).toBe(planes);
        expect(change(pixelOf(b), pixelOf(a), 'planes', size)).toBe(planes);
        expect(change(pixelOf(a), pixelOf(a), 'planes', size)).toBe(0);
        expect(planes).toBeLessThanOrEqual(255);
      }),
    );
  });

  it('rejects a frame of another size', () => {
    expect(() => cellSums(new Uint8Array(3), SIZE, 'planes')).toThrow(
      'Expected 18096 bytes for a frame of 104x58, received 3',
    );
  });
});

describe('a still scene', () => {
  const newScene = (threshold = STILL_THRESHOLD) => {
    const scene = createStillScene(SIZE, threshold);
    return (bytes: Uint8Array) => scene.isStill(bytes, 'planes');
  };

  it('is not still at its first frame, then still while frames are equal', () => {
    const isStill = newScene(0);
    expect([1, 2, 3, 4].map(() => isStill(flat(80)))).toEqual([false, true, true, true]);
    expect([isStill(flat(81)), isStill(flat(81))]).toEqual([false, true]);
  });

  it('does not keep a reference to the bytes of a frame', () => {
    const isStill = newScene();
    const bytes = flat(80);
    isStill(bytes);
    bytes.fill(160);
    expect(isStill(bytes)).toBe(false);
  });

  it.each([1, 3, 8])('ignores sensor noise of deviation %d', (deviation) => {
    const isStill = newScene();
    isStill(noisy(1, deviation));
    const seeds = Array.from({ length: 50 }, (_, i) => i + 2);
    expect(seeds.filter((seed) => !isStill(noisy(seed, deviation)))).toEqual([]);
  });

  it('detects a square of 8 x 8 pixels with enough contrast wherever it appears or moves', () => {
    const enough = 4 * STILL_THRESHOLD + 1;
    const place = fc.record({
      left: fc.integer({ min: 0, max: SIZE.width - 8 }),
      top: fc.integer({ min: 0, max: SIZE.height - 8 }),
    });
    const contrast = fc.oneof(
      fc.integer({ min: enough, max: 155 }),
      fc.integer({ min: -100, max: -enough }),
    );
    fc.assert(
      fc.property(place, place, contrast, (from, to, by) => {
        fc.pre(Math.abs(from.left - to.left) >= 12 || Math.abs(from.top - to.top) >= 12);
        const isStill = newScene();
        expect(isStill(flat(100))).toBe(false);
        expect(isStill(draw(square(from.left, from.top, 8, 100 + by)))).toBe(false);
        expect(isStill(draw(square(to.left, to.top, 8, 100 + by)))).toBe(false);
        expect(isStill(flat(100))).toBe(false);
      }),
    );
  });

  it.each([1, STILL_THRESHOLD, 20])(
    'compares with the last frame that was not still: a drift by 1 is noticed past %d',
    (threshold) => {
      const isStill = newScene(threshold);
      const answers = Array.from({ length: 2 * threshold + 3 }, (_, i) => isStill(flat(50 + i)));
      const expected = answers.map((_, i) => i % (threshold + 1) !== 0);
      expect(answers).toEqual(expected);
    },
  );
});
