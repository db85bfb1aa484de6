import { describe, expect, it } from 'vitest';
import { displayRotation } from './display-rotation.js';

describe('displayRotation', () => {
  it.each([
    [undefined, 0],
    [0, 0],
    [-90, 90],
    [90, 270],
    [180, 180],
    [-180, 180],
    [-89, 90],
    [1, 0],
  ])('of %s degrees counter-clockwise is %i degrees clockwise', (rotation, expected) => {
    expect(displayRotation([{}, { rotation }])).toEqual({ rotation: expected });
  });

  it.each([-45, 45, 30, 135, -2])('warns of %i degrees and keeps the size', (degrees) => {
    const { rotation, warning } = displayRotation([{ rotation: degrees }]);
    expect(rotation).toBe(0);
    expect(warning).toContain(`by ${-degrees} degrees, not by a multiple of 90`);
  });
});
