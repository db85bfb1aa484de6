import { describe, expect, it } from 'vitest';
import { blendInto, ellipticMask, type SoftMask, softenMask } from './soft-mask.js';

const SIZE = { width: 100, height: 80 };

function at({ region, data }: SoftMask, x: number, y: number): number {
  const [column, row] = [x - region.left, y - region.top];
  const isInside = column >= 0 && column < region.width && row >= 0 && row < region.height;
  return isInside ? data[row * region.width + column]! : 0;
}

describe('an elliptic mask', () => {
  // Half axes of 24 and 12 around 50, 40.
  const mask = ellipticMask([30, 30, 70, 50], SIZE);

  it('shows the whole box but its corners, and fades to nothing beyond', () => {
    expect([at(mask, 50, 40), at(mask, 30, 40), at(mask, 69, 40), at(mask, 50, 30)]).toEqual([
      255, 255, 255, 255,
    ]);
    const edge = [73, 75, 77, 79, 81].map((x) => at(mask, x, 40));
    expect(edge[0]).toBeGreaterThan(200);
    expect(edge).toEqual(edge.toSorted((a, b) => b - a));
    expect(new Set(edge).size).toBeGreaterThan(3);
    expect([at(mask, 80, 40), at(mask, 50, 56), at(mask, 72, 52)]).toEqual([0, 0, 0]);
  });

  it('is cut off at the borders of the image', () => {
    const cornered = ellipticMask([-20, -20, 20, 20], SIZE);
    expect(cornered.region).toEqual({ left: 0, top: 0, width: 30, height: 30 });
    expect(cornered.data).toHaveLength(900);
    expect(at(cornered, 0, 0)).toBe(255);
  });
});

describe('a softened mask', () => {
  it('is whole inside, half at the edge, nothing far outside', async () => {
    const data = new Uint8Array(20 * 20).fill(255);
    const mask = await softenMask({ x: 40, y: 30, width: 20, height: 20, data }, SIZE);
    expect(mask.region).toEqual({ left: 37, top: 27, width: 26, height: 26 });
    expect(mask.data).toHaveLength(26 * 26);
    expect([at(mask, 50, 40), at(mask, 37, 40), at(mask, 36, 40)]).toEqual([255, 0, 0]);
    expect(at(mask, 39, 40)).toBeGreaterThan(30);
    expect(at(mask, 40, 40)).toBeLessThan(220);
  });

  it('stays in the image', async () => {
    const data = new Uint8Array(100 * 80).fill(255);
    const mask = await softenMask({ x: 0, y: 0, ...SIZE, data }, SIZE);
    expect(mask.region).toEqual({ left: 0, top: 0, ...SIZE });
    expect(mask.data.every((value) => value === 255)).toBe(true);
  });
});

it('blends an image over another one by its mask, and nothing beside it', () => {
  const background = new Uint8Array(3 * 3 * 2).fill(100);
  const image = new Uint8Array(3 * 3 * 2).fill(200);
  const region = { left: 1, top: 1, width: 2, height: 1 };
  blendInto(background, image, 3, { region, data: Uint8Array.of(255, 51) });
  const row = [100, 100, 100];
  expect([...background]).toEqual([...row, ...row, ...row, ...row, 200, 200, 200, 120, 120, 120]);
});
