import { describe, expect, it } from 'vitest';
import { COCO_LABELS } from '../model/coco-labels.js';
import { colourOfId, createPalette, relativeLuminance, textColourOn } from './class-colours.js';

/** Ratio of WCAG 2.2 between two colours, 1 to 21. */
const contrast = (a: string, b: string) => {
  const [low, high] = [relativeLuminance(a), relativeLuminance(b)].sort((x, y) => x - y);
  return (high! + 0.05) / (low! + 0.05);
};

describe('createPalette', () => {
  // Computed with Python's colorsys from the hue 168 + id * 137.508.
  it.each([
    ['person', '#13ecc1'],
    ['bicycle', '#f155e3'],
    ['car', '#7abd0f'],
    ['dog', '#1386ec'],
  ])('gives %s the colour of its class id', (name, colour) => {
    expect(createPalette(COCO_LABELS)(name)).toBe(colour);
  });

  it('does not depend on the order of calls', () => {
    const [a, b] = [createPalette(COCO_LABELS), createPalette(COCO_LABELS)];
    const inOrder = COCO_LABELS.map(a);
    expect(COCO_LABELS.toReversed().map(b).reverse()).toEqual(inOrder);
    expect(new Set(inOrder).size).toBe(COCO_LABELS.length);
  });

  it('gives a name outside of the model the same colour with every model', () => {
    expect(createPalette(COCO_LABELS)('кошка')).toBe(createPalette([])('кошка'));
    expect(createPalette([])('кошка')).not.toBe(createPalette([])('собака'));
  });
});

it('keeps label texts readable on each of 1,000 colours', () => {
  const colours = Array.from({ length: 1000 }, (_, id) => colourOfId(id));
  const lowest = Math.min(...colours.map((colour) => contrast(colour, textColourOn(colour))));
  expect(lowest).toBeGreaterThan(4);
});
