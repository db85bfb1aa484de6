import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHalf, toHalf } from './element-type.js';

describe('toHalf', () => {
  // Computed with numpy: np.float64(v).astype(np.float16).view(np.uint16)
  it.each([
    [0.0, 0],
    [1.0, 15360],
    [-2.0, 49152],
    [65504.0, 31743],
    [65519.0, 31743],
    [65520.0, 31744],
    [1e-8, 0],
    [5.960464e-8, 1],
    [2.98e-8, 0],
    [8.940697e-8, 2],
    [6.1e-5, 1023],
    [6.0975e-5, 1023],
    [0.3333333333333333, 13653],
    [0.1, 11878],
    [2049.0, 26624],
    [2051.0, 26626],
    [0.00392156862745098, 7172],
    [0.4470588235294118, 14119],
    [0.99999, 15360],
  ])('encodes %f as %i', (value, bits) => {
    expect(toHalf(value)).toBe(bits);
  });

  it('round-trips every finite bit pattern', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffff }), (bits) => {
        const value = fromHalf(bits);
        if (Number.isNaN(value)) expect(Number.isNaN(fromHalf(toHalf(value)))).toBe(true);
        else expect(toHalf(value)).toBe(bits);
      }),
    );
  });
});
