import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { slotAt } from './slots.js';

const NOW = Date.parse('2026-01-11T12:30:05.123Z');

describe('slotAt', () => {
  it.each([
    [0, 2, 0, 500],
    [499, 2, 0, 500],
    [500, 2, 500, 1000],
    [1000, 3, 1000, 1334],
    [1333, 3, 1000, 1334],
    [1334, 3, 1334, 1667],
    [2000, 0.5, 2000, 4000],
    [NOW, 25, NOW - 3, NOW + 37],
  ])('of %d ms at %d fps is %d to %d', (instant, fps, from, to) => {
    expect(slotAt(instant, fps)).toEqual({ from, to });
  });

  it('has exactly fps slots in each second of a whole rate', () => {
    for (const fps of [1, 2, 3, 7, 24, 25, 30]) {
      const slots = new Set<number>();
      for (let ms = 0; ms < 1000; ms++) slots.add(slotAt(NOW - 123 + ms, fps).from);
      expect(slots.size, `${fps} fps`).toBe(fps);
    }
  });

  it('contains its instant, and the next slot starts where it ends', () => {
    const instants = fc.integer({ min: 0, max: 4e12 });
    fc.assert(
      fc.property(instants, fc.double({ min: 0.1, max: 60, noNaN: true }), (instant, fps) => {
        const slot = slotAt(instant, fps);
        expect(slot.from).toBeLessThanOrEqual(instant);
        expect(slot.to).toBeGreaterThan(instant);
        expect(slotAt(slot.to, fps).from).toBe(slot.to);
        expect(slotAt(slot.from, fps)).toEqual(slot);
        expect(slotAt(slot.to - 1, fps)).toEqual(slot);
        expect(Math.abs(slot.to - slot.from - 1000 / fps)).toBeLessThanOrEqual(1);
      }),
    );
  });
});
