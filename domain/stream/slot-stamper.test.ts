import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSlotStamper } from './slot-stamper.js';

const NOON = Date.UTC(2026, 0, 11, 12);

describe('a slot stamper', () => {
  /** Starts of the filled slots after noon, in ms. */
  const fillAll = (times: readonly number[], fps = 2) => {
    const stamper = createSlotStamper(fps);
    return times.map((ms) => {
      const slot = stamper.fill(NOON + ms);
      return slot && slot.from - NOON;
    });
  };

  it('fills each slot with its first frame', () => {
    expect(fillAll([10, 480, 500, 520, 1001])).toEqual([0, undefined, 500, undefined, 1000]);
  });

  it('leaves out slots without a frame', () => {
    expect(fillAll([0, 2600])).toEqual([0, 2500]);
  });

  it('ignores frames of filled slots and of earlier ones, as decoders reorder them', () => {
    expect(fillAll([520, 490, 510, 1000])).toEqual([500, undefined, undefined, 1000]);
  });

  it('fills no slot twice and none that is before a filled one', () => {
    const rates = fc.constantFrom(0.5, 1, 3, 7, 25);
    fc.assert(
      fc.property(fc.array(fc.nat(20_000)), rates, (times, fps) => {
        const filled = fillAll(times, fps).filter((each) => each !== undefined);
        expect(filled).toEqual([...new Set(filled)].sort((a, b) => a - b));
      }),
    );
  });
});
