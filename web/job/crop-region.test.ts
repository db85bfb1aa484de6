import { describe, expect, it } from 'vitest';
import { cropRegion } from './crop-region.js';

const IMAGE = { width: 1920, height: 1080 };
const ASPECT = 16 / 9;

describe('cropRegion', () => {
  it('is around the box, with a margin', () => {
    const region = cropRegion([900, 400, 1220, 580], IMAGE, ASPECT);
    expect(region).toEqual({ x: 820, y: 355, width: 480, height: 270 });
  });

  it('keeps its aspect ratio for a tall box', () => {
    const { width, height } = cropRegion([900, 300, 950, 700], IMAGE, ASPECT);
    expect(height).toBe(600);
    expect(width / height).toBeCloseTo(ASPECT);
  });

  it('is moved into the image', () => {
    expect(cropRegion([0, 0, 320, 180], IMAGE, ASPECT)).toMatchObject({ x: 0, y: 0 });
    const { x, y, width, height } = cropRegion([1600, 900, 1920, 1080], IMAGE, ASPECT);
    expect([x + width, y + height]).toEqual([1920, 1080]);
  });

  it('is not larger than the image, nor tiny', () => {
    expect(cropRegion([0, 0, 1920, 1080], IMAGE, ASPECT)).toMatchObject(IMAGE);
    expect(cropRegion([10, 10, 12, 12], IMAGE, ASPECT).width).toBe(96);
    expect(cropRegion([10, 10, 12, 12], { width: 64, height: 48 }, ASPECT).width).toBe(64);
  });
});
